import type { Readable } from 'node:stream'
import type { Principal } from '../ram/types'
import { authenticate } from './auth/verify'
import { authorize } from './authorize'
import { type Answer, authorityOf, type Cloud } from './cloud'
import { answerPreflight, corsHeaders } from './cors'
import { ACCESS } from './errors/access'
import { OssError } from './errors/fault'
import { OBJECT } from './errors/object'
import { postObject } from './form/post-object'
import { checkMayEncrypt } from './operations/encryption'
import { isSubresource } from './operations/names'
import { findOperation } from './operations/table'
import { checkTrafficLimit } from './operations/traffic-limit'
import type { Bucket } from './store/state'
import { type OssRequest, regionOfHost } from './wire'

/** What a request is answered with: `onPrincipal` hears who signed it as soon as that is proven. */
export async function respond(
  cloud: Cloud,
  { request, body }: { request: OssRequest; body: Readable },
  onPrincipal: (principal: Principal | undefined) => void,
): Promise<Answer> {
  checkEndpoint(request, cloud)
  if (request.method === 'OPTIONS') {
    return answerPreflight(findBucket(request, cloud).settings.cors, request.headers)
  }
  if (isForm(request)) {
    checkTrafficLimit(request)
    const bucket = findBucket(request, cloud)
    return postObject({ cloud, request, body, principal: undefined, bucket }, onPrincipal)
  }
  const principal = authenticate(request, authorityOf(cloud))
  onPrincipal(principal)
  const operation = findOperation(request)
  checkTrafficLimit(request)
  checkMayEncrypt(operation.name, request.headers)
  const context = { cloud, request, body, principal }
  const bucket = 'run' in operation ? findBucket(request, cloud) : undefined
  authorize(context, operation.needs(context))
  if ('runBare' in operation) return operation.runBare(context)
  return operation.run({ ...context, bucket: bucket ?? findBucket(request, cloud) })
}

/** The operation's name as OSS's documentation has it; `''` for none. */
export function nameOperation(request: OssRequest): string {
  if (request.method === 'OPTIONS') return 'OptionObject'
  if (isForm(request)) return 'PostObject'
  try {
    return findOperation(request).name
  } catch {
    // What there is no operation for is refused, by name, once it is authenticated.
    return ''
  }
}

/** The CORS headers of an answer to this request. */
export function corsOf(request: OssRequest, { store }: Cloud): Record<string, string> {
  if (request.method === 'OPTIONS') return {}
  return corsHeaders(store.bucket(request.bucket)?.settings.cors, request.method, request.headers)
}

function isForm({ method, key, bucket, query }: OssRequest): boolean {
  const hasSubresource = query.some(([name]) => isSubresource(name))
  return method === 'POST' && bucket !== '' && key === '' && !hasSubresource
}

function checkEndpoint({ host, bucket }: OssRequest, { region }: Cloud): void {
  const named = regionOfHost(host)
  if (named === undefined || named === region) return
  const Endpoint = `oss-${region}.aliyuncs.com`
  throw new OssError(ACCESS.endpoint, { Bucket: bucket, Endpoint })
}

function findBucket({ bucket: name }: OssRequest, { store }: Cloud): Bucket {
  const bucket = store.bucket(name)
  if (!bucket) throw new OssError(OBJECT.noSuchBucket, { BucketName: name })
  return bucket
}
