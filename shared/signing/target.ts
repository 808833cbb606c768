import { memoizeLatest } from '../memo'

/** How a host and a path name a bucket: in the host, as first path segment, or not at all (own domain). */
type Addressing = 'virtual-hosted' | 'path' | 'cname'

/** A bucket and where it is reached: `region` is the general id (`cn-hangzhou`), `endpoint` a URL origin. */
export type OssTarget = {
  bucket: string
  region: string
  endpoint: string
  addressing: Addressing
}

const BASES = {
  'virtual-hosted': ({ endpoint, bucket }) => `${endpoint.replace('://', `://${bucket}.`)}/`,
  path: ({ endpoint, bucket }) => `${endpoint}/${bucket}/`,
  cname: ({ endpoint }) => `${endpoint}/`,
} as const satisfies Record<Addressing, (target: OssTarget) => string>

const baseOf = memoizeLatest((target: OssTarget) => BASES[target.addressing](target))

/** The same endpoint for another bucket; the usual bucket keeps its object, whose URL the signer remembers. */
export function withBucket(target: OssTarget, bucket: string): OssTarget {
  return target.bucket === bucket ? target : { ...target, bucket }
}

/** The bucket's own URL, with `/` at its end: where a form posts to. */
export function bucketUrl(target: OssTarget): string {
  return baseOf(target)
}

/** The hosts of OSS itself (OSS: regions and endpoints). */
const HOSTS = {
  public: (region) => `oss-${region}.aliyuncs.com`,
  internal: (region) => `oss-${region}-internal.aliyuncs.com`,
  'dual-stack': (region) => `${region}.oss.aliyuncs.com`,
  accelerate: () => 'oss-accelerate.aliyuncs.com',
  'accelerate-overseas': () => 'oss-accelerate-overseas.aliyuncs.com',
} as const satisfies Record<string, (region: string) => string>

export type HostKind = keyof typeof HOSTS

/** The names of OSS's own kinds of host. */
export const HOST_KINDS = Object.keys(HOSTS) as readonly HostKind[]

/** Whether this is one of those names. */
export function isHostKind(text: string): text is HostKind {
  return Object.hasOwn(HOSTS, text)
}

/** The https origin of one of OSS's own hosts for a region. */
export function ossEndpoint(kind: HostKind, region: string): string {
  return `https://${HOSTS[kind](toGeneralRegion(region))}`
}

/** The general region id that signatures name: `cn-hangzhou`, also for `oss-cn-hangzhou`. @internal */
export function toGeneralRegion(region: string): string {
  return region.replace(/^oss-/, '')
}
