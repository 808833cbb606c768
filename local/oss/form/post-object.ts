import { createHash } from 'node:crypto'
import type { Principal } from '../../ram/types'
import { authorize } from '../authorize'
import { type Callback, parseCallback } from '../callback/parameter'
import { runCallback } from '../callback/run'
import { type Answer, authorityOf, type BucketContext } from '../cloud'
import { FORM } from '../errors/form'
import { OBJECT } from '../errors/object'
import { OssError } from '../errors/oss-error'
import { announcedLength, checkMd5 } from '../operations/body'
import { type ObjectHead, readObjectHead, writtenHeaders } from '../operations/object-headers'
import { toWrite } from '../operations/operation'
import {
  checkForbidOverwrite,
  commitObject,
  MAX_OBJECT_BYTES,
  toRecord,
} from '../operations/put-object'
import type { ObjectRecord } from '../store/records'
import type { Blob } from '../store/store'
import { checkKey, type Headers, objectUrl } from '../wire'
import { toXml } from '../xml'
import { checkConditions, type SizeRange, sizeRange } from './conditions'
import { checkExpiry, type FormProof, verifyForm } from './form-auth'
import { type Form, readForm } from './form-reader'
import { objectFields } from './object-fields'

type Plan = {
  key: string
  head: ObjectHead
  headers: Headers
  range: SizeRange
  callback: Callback | undefined
  proof: FormProof
}

/** Runs PostObject: a form upload, authenticated by its fields alone. */
export async function postObject(
  context: BucketContext,
  onPrincipal: (principal: Principal | undefined) => void,
): Promise<Answer> {
  const { headers } = context.request
  const digest = headers['content-md5'] === undefined ? undefined : createHash('md5')
  if (digest) context.body.on('data', (chunk: Buffer) => digest.update(chunk))
  if (announcedLength(headers) > MAX_OBJECT_BYTES) {
    throw new OssError(FORM.bodyTooLarge)
  }
  const form = await readForm(context.body, headers['content-type'] ?? '')
  noteKey(context, form)
  const proof = verifyForm(form.fields, authorityOf(context.cloud))
  const proven = { ...context, principal: proof?.principal }
  onPrincipal(proven.principal)
  const plan = makePlan(proven, form, proof)
  const blob = await receiveFile(proven, form, plan)
  return finish(proven, { form, plan, blob, digest: digest && (() => digest.digest()) })
}

function noteKey({ cloud: { notes } }: BucketContext, { fields, filename }: Form): void {
  const key = fields.get('key')
  if (notes && key) notes.key = key.replace(/\$\{filename\}/g, () => filename)
}

function makePlan(context: BucketContext, form: Form, proof: FormProof): Plan {
  const { fields } = form
  const rawKey = fields.get('key')
  if (!rawKey) throw new OssError(FORM.keyMissing)
  if (proof) checkConditions(proof.policy, (name) => conditionValue(name, context, form))
  const key = checkKey(rawKey.replace(/\$\{filename\}/g, () => form.filename))
  if (key === '') throw new OssError(OBJECT.objectNameEmpty)
  const headers = objectFields(form, context.request)
  const request = { ...context.request, key, headers: { ...plainHeaders(context), ...headers } }
  const uploadContext = { ...context, request }
  authorize(uploadContext, toWrite(uploadContext))
  checkForbidOverwrite(context.bucket, key, headers)
  return {
    key,
    headers,
    head: readObjectHead(headers),
    range: proof ? sizeRange(proof.policy) : { min: 0, max: Number.MAX_SAFE_INTEGER },
    callback: readFormCallback(form),
    proof,
  }
}

// `bucket` is the bucket of the host; without a content-type field, the type of the file part
// counts.
function conditionValue(name: string, { bucket }: BucketContext, form: Form): string | undefined {
  if (name === 'bucket') return bucket.name
  const value = form.fields.get(name)
  return value === undefined && name === 'content-type' ? form.fileType : value
}

// `objectFields` has the `x-oss-` headers that count for a form.
function plainHeaders({ request: { headers } }: BucketContext): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('x-oss-')))
}

function readFormCallback({ fields, variables }: Form): Callback | undefined {
  const parameter = fields.get('callback')
  if (parameter === undefined || parameter === '') return undefined
  // Encoded as `callback-var`, and limited like it: a short template can use each of them hundreds
  // of times.
  const json = JSON.stringify(Object.fromEntries(variables))
  return parseCallback(parameter, Buffer.from(json).toString('base64'))
}

async function receiveFile({ cloud }: BucketContext, form: Form, { range }: Plan): Promise<Blob> {
  const blob = await cloud.store.write(form.file, {
    maxBytes: Math.min(range.max, MAX_OBJECT_BYTES),
    tooLarge: () => new OssError(FORM.entityTooLarge),
  })
  try {
    if (blob.size < range.min) throw new OssError(FORM.entityTooSmall)
    await form.finish()
    return blob
  } catch (error) {
    await cloud.store.discard(blob.blob)
    throw error
  }
}

async function finish(
  context: BucketContext,
  {
    form,
    plan,
    blob,
    digest,
  }: { form: Form; plan: Plan; blob: Blob; digest: (() => Buffer) | undefined },
): Promise<Answer> {
  const record = toRecord(plan.key, blob, { head: plan.head, now: context.cloud.now() })
  try {
    // The policy must not expire before the complete request has arrived.
    if (plan.proof) checkExpiry(plan.proof.policy, context.cloud.now())
    if (digest) checkMd5(context.request.headers['content-md5'], digest)
  } catch (error) {
    await context.cloud.store.discard(blob.blob)
    throw error
  }
  await commitObject(context, record, { headers: plan.headers, operation: 'PostObject' })
  const headers = writtenHeaders(record)
  if (plan.callback) {
    return runCallback(context, plan.callback, { record, operation: 'PostObject', headers })
  }
  const answer = successAnswer(context, form.fields, record)
  return { ...answer, headers: { ...headers, ...answer.headers } }
}

function successAnswer(
  { bucket, request }: BucketContext,
  fields: ReadonlyMap<string, string>,
  record: ObjectRecord,
): Answer {
  const redirect = fields.get('success_action_redirect')
  if (redirect && /^https?:\/\/[!-~]+$/i.test(redirect) && URL.canParse(redirect)) {
    const url = new URL(redirect)
    url.searchParams.set('bucket', bucket.name)
    url.searchParams.set('key', record.key)
    url.searchParams.set('etag', `"${record.etag}"`)
    return { status: 303, headers: { location: url.href } }
  }
  const status = fields.get('success_action_status')
  if (status === '200') return { status: 200 }
  if (status !== '201') return { status: 204 }
  const body = toXml('PostResponse', {
    Bucket: bucket.name,
    Location: objectUrl(request, record.key),
    Key: record.key,
    ETag: `"${record.etag}"`,
  })
  return { status: 201, headers: { 'content-type': 'application/xml' }, body }
}
