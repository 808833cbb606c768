import type { plainCallback } from '../callback/parameter'
import type { OssTarget } from '../signing/target'
import { RENEW_BEFORE_SECONDS } from '../sts/assume-role'
import type { AssumedRole } from '../sts/sts-sdk'

/** The options of `new OSS(…)` of ali-oss. */
export type AliOssOptions = {
  accessKeyId: string
  accessKeySecret: string
  stsToken: string
  bucket: string
  region: string
  /** Absent for OSS's public endpoint, which ali-oss makes of the region. */
  endpoint?: string
  cname?: true
  /** Present where the bucket is the first segment of the path. */
  sldEnable?: true
  secure: boolean
  authorizationV4: true
  /** ms. */
  refreshSTSTokenInterval: number
  expiration: string
  prefix: string
  /** For the options of `put` and `multipartUpload`, as `callback`; present for write access. */
  headers?: Readonly<Record<string, string>>
  callback?: AliOssCallback
}

type AliOssCallback = {
  url: string
  body: string
  contentType: string
  callbackSNI?: true
  customValue: { ticket: string }
}

type AliOssInput = {
  target: OssTarget
  prefix: string
  headers?: Readonly<Record<string, string>>
  callback?: ReturnType<typeof plainCallback>
}

// ali-oss has a plain timer. Credentials that we answer with live for more than RENEW_BEFORE_SECONDS, whoever opened their
// session and when, so with less than that between two refreshes no request is ever signed with expired ones.
const REFRESH_MARGIN_SECONDS = 60
const REFRESH_MS = (RENEW_BEFORE_SECONDS - REFRESH_MARGIN_SECONDS) * 1000

/** STS credentials for a prefix as ali-oss takes them. */
export function toAliOss(
  credentials: AssumedRole,
  { target, prefix, headers, callback }: AliOssInput,
): AliOssOptions {
  const { bucket, region, endpoint, addressing } = target
  const isPublic = endpoint === `https://oss-${region}.aliyuncs.com`
  return {
    accessKeyId: credentials.accessKeyId,
    accessKeySecret: credentials.accessKeySecret,
    stsToken: credentials.securityToken,
    bucket,
    region: `oss-${region}`,
    ...(!(isPublic && addressing === 'virtual-hosted') && { endpoint }),
    ...(addressing === 'cname' && { cname: true }),
    ...(addressing === 'path' && { sldEnable: true }),
    secure: endpoint.startsWith('https:'),
    authorizationV4: true,
    refreshSTSTokenInterval: REFRESH_MS,
    expiration: credentials.expiration,
    prefix,
    ...(headers && { headers }),
    ...(callback && { callback: toCallback(callback) }),
  }
}

// ali-oss writes the names of the variables with their `x:` itself.
function toCallback(callback: ReturnType<typeof plainCallback>): AliOssCallback {
  const { callbackUrl, callbackBody, callbackBodyType, callbackSNI, callbackVar } = callback
  return {
    url: callbackUrl,
    body: callbackBody,
    contentType: callbackBodyType,
    ...(callbackSNI && { callbackSNI }),
    customValue: { ticket: callbackVar['x:ticket'] },
  }
}
