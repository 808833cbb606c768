import type { Answer, BucketContext } from '../cloud'
import { CALLBACK } from '../errors/callback'
import { OssError } from '../errors/oss-error'
import type { ObjectRecord } from '../store/records'
import { errorAnswer } from '../xml-answer'
import { readImageInfo } from './image-info'
import type { Callback } from './parameter'
import { deliver } from './send'
import { fillTemplate, type TemplateValue } from './template'

// OSS's message, followed by the reason.
const NOT_CALLED = `${CALLBACK.connect[2]} The local cloud calls only its own gateway and the hosts of --callback-hosts (callbackHosts in JavaScript).`

/**
 * Calls the application after an upload, one URL after the other until one succeeds, and returns
 * its response; a 203 with an error body if none did. The object is stored in either case.
 */
export async function runCallback(
  context: BucketContext,
  callback: Callback,
  upload: { record: ObjectRecord; operation: string; headers: Readonly<Record<string, string>> },
): Promise<Answer> {
  const body = await renderBody(context, callback, upload)
  try {
    const text = await deliverToAny(context, callback, body)
    const headers = { ...upload.headers, 'content-type': 'application/json' }
    return { status: 200, headers, body: text }
  } catch (error) {
    if (!(error instanceof OssError)) throw error
    const answer = errorAnswer(error, context.request)
    return { ...answer, headers: { ...upload.headers, ...answer.headers } }
  }
}

async function deliverToAny(
  context: BucketContext,
  callback: Callback,
  body: string,
): Promise<string> {
  let failure: unknown
  for (const url of callback.urls) {
    try {
      return await deliverTo(url, context, { ...callback, body })
    } catch (error) {
      failure = error
    }
  }
  throw failure
}

async function deliverTo(
  url: string,
  { cloud, request, principal, bucket }: BucketContext,
  { host, body, bodyType, sni }: Callback,
): Promise<string> {
  const release = await cloud.admitCallback(new URL(url))
  if (!release) throw new OssError(CALLBACK.connect, {}, { message: NOT_CALLED })
  const delivery = {
    ...{ url, host, sni, body, bodyType },
    bucket: bucket.name,
    owner: cloud.account.id,
    requester: principal?.id ?? '',
    requestId: request.requestId,
    date: new Date(cloud.now()),
    signal: cloud.stopping,
    ...(cloud.notes && { notes: cloud.notes }),
  }
  return deliver(delivery, cloud.callbackKey).finally(release)
}

async function renderBody(
  { cloud, request, bucket }: BucketContext,
  callback: Callback,
  { record, operation }: { record: ObjectRecord; operation: string },
): Promise<string> {
  const wantsImage = callback.body.includes('${imageInfo.')
  const image = wantsImage ? await readImageInfo(cloud.store, record) : undefined
  const values: Readonly<Record<string, TemplateValue>> = {
    bucket: bucket.name,
    object: record.key,
    etag: record.etag,
    size: record.size,
    mimeType: record.headers['content-type'],
    'imageInfo.height': image?.height,
    'imageInfo.width': image?.width,
    'imageInfo.format': image?.format,
    crc64: record.crc64,
    contentMd5: record.md5,
    vpcId: '',
    clientIp: request.clientIp,
    reqId: request.requestId,
    operation,
  }
  return fillTemplate(callback.body, callback.bodyType, (name) =>
    name.startsWith('x:') ? callback.variables[name] : values[name],
  )
}
