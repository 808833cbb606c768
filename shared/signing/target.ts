import { memoizeLatest } from '../memo'

/** The place of the bucket name in a URL: in the host, as first path segment, or nowhere (custom domain). */
type Addressing = 'virtual-hosted' | 'path' | 'cname'

/** A bucket and its address: `region` is the general id (`cn-hangzhou`), `endpoint` a URL origin. */
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

/** Returns the target of another bucket at the same endpoint; for the same bucket, the same object, whose URL is cached. */
export function withBucket(target: OssTarget, bucket: string): OssTarget {
  return target.bucket === bucket ? target : { ...target, bucket }
}

/** Returns the URL of the bucket with a trailing `/`, to which a form posts. */
export function bucketUrl(target: OssTarget): string {
  return baseOf(target)
}

/** The host names of OSS itself (OSS: regions and endpoints). */
const HOSTS = {
  public: (region) => `oss-${region}.aliyuncs.com`,
  internal: (region) => `oss-${region}-internal.aliyuncs.com`,
  'dual-stack': (region) => `${region}.oss.aliyuncs.com`,
  accelerate: () => 'oss-accelerate.aliyuncs.com',
  'accelerate-overseas': () => 'oss-accelerate-overseas.aliyuncs.com',
} as const satisfies Record<string, (region: string) => string>

/** A kind of host that OSS itself has. */
export type HostKind = keyof typeof HOSTS

/** The kinds of host that OSS itself has. */
export const HOST_KINDS = Object.keys(HOSTS) as readonly HostKind[]

/** Returns true for one of these kinds. */
export function isHostKind(text: string): text is HostKind {
  return Object.hasOwn(HOSTS, text)
}

/** Returns the https origin of OSS's host of this kind in a region. */
export function ossEndpoint(kind: HostKind, region: string): string {
  return `https://${HOSTS[kind](toGeneralRegion(region))}`
}

/** Returns the general region id that signatures use: `cn-hangzhou`, also for `oss-cn-hangzhou`. @internal */
export function toGeneralRegion(region: string): string {
  return region.replace(/^oss-/, '')
}
