import { type SendRequest, type SendResponse, xhrTransport } from '../../../client'
import { clientFor } from '../../session/session'
import { isAsk } from '../story'
import {
  codeOf,
  discard,
  OTHER_TYPE,
  ruleOf,
  type TrialInput,
  type TrialName,
  type TrialResult,
  toProbe,
} from './trial'

type OfUpload = Exclude<TrialName, 'user'>

/** Uploads a few bytes with one thing changed after it was signed. */
export async function tryUpload(name: OfUpload, input: TrialInput): Promise<TrialResult> {
  const { transfer, way } = input
  const client = clientFor(transfer.user)
  const probe = toProbe(input, await ruleOf(client, transfer.rule))
  let answered: { by: 'oss' | 'functions'; response: SendResponse } | undefined
  const upload = client.upload(probe, {
    rule: transfer.rule,
    mechanism: way === 'sts' ? 'put' : way,
    async transport(request) {
      const isTried = !isAsk(request) && isAbout(name, request)
      const response = await xhrTransport(isTried ? ALTER[name](request) : request)
      if (isTried || response.status > 299) {
        answered ??= { by: isAsk(request) ? 'functions' : 'oss', response }
      }
      return response
    },
  })
  const stored = await upload.done.catch(() => undefined)
  if (stored) await discard(client, stored.key, transfer.rule)
  if (!answered) return { by: 'nobody', status: 0, code: '' }
  const { by, response } = answered
  return { by, status: response.status, code: codeOf(response), ...(stored && { key: stored.key }) }
}

// Of an upload in parts the type is in the first request, and the size in that of a part.
function isAbout(name: TrialName, { method, url, fields }: SendRequest): boolean {
  const { searchParams } = new URL(url)
  if (name === 'size') return method === 'PUT' || fields !== undefined
  return method === 'PUT' || fields !== undefined || searchParams.has('uploads')
}

const ALTER = {
  type: withType,
  size: withByte,
  key: withKey,
} as const satisfies Record<OfUpload, (request: SendRequest) => SendRequest>

function withType(request: SendRequest): SendRequest {
  const { fields, headers } = request
  if (fields) return { ...request, fields: { ...fields, 'Content-Type': OTHER_TYPE } }
  return { ...request, headers: { ...headers, 'content-type': OTHER_TYPE } }
}

function withByte(request: SendRequest): SendRequest {
  return { ...request, body: new Blob([request.body as BlobPart, 'x']) }
}

function withKey(request: SendRequest): SendRequest {
  const { fields, url } = request
  if (fields) return { ...request, fields: { ...fields, key: `${fields.key}-other` } }
  const other = new URL(url)
  other.pathname += '-other'
  return { ...request, url: other.href }
}
