import type { Readable } from 'node:stream'
import type { Principal } from '../ram/types'
import { authenticate } from './auth/verify'
import { authorize } from './authorize'
import { type Answer, authorityOf, type Cloud } from './cloud'
import { answerPreflight, corsHeaders, isListedOrigin } from './cors'
import { ACCESS } from './errors/access'
import { AUTH } from './errors/auth'
import { OBJECT } from './errors/object'
import { OssError } from './errors/oss-error'
import { postObject } from './form/post-object'
import { checkMayEncrypt } from './operations/encryption'
import { isSubresource } from './operations/names'
import { findOperation } from './operations/table'
import { checkTrafficLimit } from './operations/traffic-limit'
import type { Bucket } from './store/state'
import { type OssRequest, regionOfHost } from './wire'

/** A request to route; `onPrincipal` is called with the signer once the signature is verified. */
type Received = {
  cloud: Cloud
  request: OssRequest
  body: Readable
  onPrincipal: (principal: Principal | undefined) => void
}

/**
 * The handler of a request; `name` is that of the operation in OSS's documentation, `''` if there
 * is none.
 */
export type Route = {
  name: string
  answer: (received: Received) => Promise<Answer> | Answer
}

/**
 * Returns the route of a request; a request without an operation gets one that throws
 * NotImplemented or MethodNotAllowed.
 */
export function findRoute(request: OssRequest): Route {
  if (request.method === 'OPTIONS') return { name: 'OptionObject', answer: answerOptions }
  if (isForm(request)) return { name: 'PostObject', answer: answerForm }
  const found = findOperation(request)
  const name = found instanceof OssError ? '' : found.name
  return { name, answer: (received) => answerOperation(found, received) }
}

/**
 * Answers a request by its route; throws an `OssError` if the host names another region or CORS
 * forbids the origin.
 */
export async function dispatch({ answer }: Route, received: Received): Promise<Answer> {
  checkEndpoint(received.request, received.cloud)
  checkOrigin(received.request, received.cloud)
  return answer(received)
}

function answerOptions({ cloud, request }: Received): Answer {
  return answerPreflight(findBucket(request, cloud).settings.cors, request.headers)
}

function answerForm({ cloud, request, body, onPrincipal }: Received): Promise<Answer> {
  checkTrafficLimit(request)
  const bucket = findBucket(request, cloud)
  return postObject({ cloud, request, body, principal: undefined, bucket }, onPrincipal)
}

// A request without an operation is authenticated before it is refused.
function answerOperation(
  operation: ReturnType<typeof findOperation>,
  { cloud, request, body, onPrincipal }: Received,
): Promise<Answer> | Answer {
  const principal = findSigner(request, cloud, 'runBare' in operation)
  onPrincipal(principal)
  if (operation instanceof OssError) throw operation
  checkTrafficLimit(request)
  checkMayEncrypt(operation.name, request.headers)
  const context = { cloud, request, body, principal }
  const bucket = 'run' in operation ? findBucket(request, cloud) : undefined
  authorize(context, operation.needs(context))
  if ('runBare' in operation) return operation.runBare(context)
  return operation.run({ ...context, bucket: bucket ?? findBucket(request, cloud) })
}

// For an unknown access key OSS reports a missing bucket first.
function findSigner(
  request: OssRequest,
  cloud: Cloud,
  needsNoBucket: boolean,
): Principal | undefined {
  try {
    return authenticate(request, authorityOf(cloud))
  } catch (error) {
    const isUnknown = error instanceof OssError && error.ec === AUTH.keyIdUnknown[3]
    if (isUnknown && !needsNoBucket) findBucket(request, cloud)
    throw error
  }
}

/** Returns the CORS headers of the response to this request. */
export function corsOf(request: OssRequest, { store }: Cloud): Record<string, string> {
  if (request.method === 'OPTIONS') return {}
  return corsHeaders(store.bucket(request.bucket)?.settings.cors, request.method, request.headers)
}

// A POST to a bucket that is neither a form nor an operation gets MethodNotAllowed.
function isForm({ method, key, bucket, query, headers }: OssRequest): boolean {
  const hasSubresource = query.some(([name]) => isSubresource(name))
  const isMultipart = /^multipart\//i.test(headers['content-type'] ?? '')
  return method === 'POST' && bucket !== '' && key === '' && !hasSubresource && isMultipart
}

function checkEndpoint({ host, bucket }: OssRequest, { region }: Cloud): void {
  const named = regionOfHost(host)
  if (named === undefined || named === region) return
  const Endpoint = `oss-${region}.aliyuncs.com`
  throw new OssError(ACCESS.endpoint, { Bucket: bucket, Endpoint })
}

// OSS leaves this check to browsers, but they send simple requests without a preflight and only
// hide the response.
function checkOrigin({ bucket, method, headers }: OssRequest, cloud: Cloud): void {
  const { origin } = headers
  if (method === 'OPTIONS' || origin === undefined || !cloud.isForeignOrigin(origin)) return
  if (isListedOrigin(cloud.store.bucket(bucket)?.settings.cors, { origin, method })) return
  throw new OssError(ACCESS.cors, { Method: method, ResourceType: 'OBJECT' })
}

function findBucket({ bucket: name }: OssRequest, { store }: Cloud): Bucket {
  const bucket = store.bucket(name)
  if (!bucket) throw new OssError(OBJECT.noSuchBucket, { BucketName: name })
  return bucket
}
