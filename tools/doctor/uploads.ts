import type OSS from 'ali-oss'
import type { Rules } from '../../shared/rules/rules'
import { parseJson } from '../../shared/text'
import { exampleFile } from '../caller-report'
import type { Finding } from '../findings'

/** What an upload is tried with: the deployed functions, a caller's token, and a client that may delete. */
export type UploadOptions = {
  service: string
  token: string
  rules: Rules
  /** The name of the rule to upload by. */
  rule: string
  client: OSS
}

type Signed = {
  url?: string
  method?: string
  headers?: Record<string, string>
  fields?: Record<string, string>
  key?: string
  code?: string
}
type File = { filename: string; contentType: string; contentLength: number }

const TIMEOUT_MS = 20_000
const WAYS = { url: byUrl, form: byForm } as const

/** Uploads a small file by each mechanism of a rule, says whether its callback was proven, and deletes it. */
export async function examineUploads(options: UploadOptions): Promise<Finding[]> {
  const rule = options.rules.get(options.rule)
  if (!rule?.upload) {
    return [
      {
        state: 'wrong',
        subject: 'upload',
        what: `there is no rule ${options.rule} that uploads`,
        fix: 'name one of the rules with --upload',
      },
    ]
  }
  const file = exampleFile(rule)
  const found: Finding[] = []
  for (const mechanism of ['url', 'form'] as const) {
    if (rule.upload.mechanisms.includes(mechanism)) {
      found.push(...(await examineUpload(mechanism, file, options)))
    }
  }
  if (found.length > 0) return found
  return [
    {
      state: 'unknown',
      subject: 'upload',
      what: 'by STS alone is not tried',
      fix: 'name a rule with url or form',
    },
  ]
}

async function examineUpload(
  mechanism: keyof typeof WAYS,
  file: File,
  options: UploadOptions,
): Promise<Finding[]> {
  const subject = `upload by ${mechanism}`
  try {
    const { signed, status, text } = await WAYS[mechanism](file, options)
    if (!signed.key) {
      const what = `is refused by the functions: ${status} ${signed.code ?? ''}`.trim()
      return [
        {
          state: 'wrong',
          subject,
          what,
          fix: 'give a fresh token of a caller who may use the rule',
        },
      ]
    }
    const removed = await remove(signed.key, options)
    return [judge(subject, status, text), ...removed]
  } catch (error) {
    const { cause, name } = error as { name: string; cause?: { code?: string } }
    const what = `could not be tried: ${cause?.code ?? name}`
    return [
      {
        state: 'unknown',
        subject,
        what,
        fix: 'check the network, the domain of the functions and the endpoint of OSS',
      },
    ]
  }
}

function judge(subject: string, status: number, text: string): Finding {
  const answer = Object(parseJson(text)) as { status?: unknown }
  if (status === 200 && answer.status === 'ok') {
    return { state: 'ok', subject, what: 'is stored, called back and proven' }
  }
  const [, code = '', ec = ''] = /<Code>(\w+)<\/Code>(?:.*<EC>([\d-]+)<\/EC>)?/s.exec(text) ?? []
  const fix = code ? `oss-direct explain ${ec || code}` : 'look at the log of upload-callback'
  if (status === 203) {
    const why = 'the application hears of it only when the trigger reports it'
    return { state: 'wrong', subject, what: 'is stored, but its callback is not proven', why, fix }
  }
  return { state: 'wrong', subject, what: `is refused by OSS: ${status} ${code}`.trim(), fix }
}

async function remove(key: string, { client }: UploadOptions): Promise<Finding[]> {
  try {
    await client.delete(key)
    return []
  } catch {
    // The upload itself is judged; that its file stays is all that there is to say.
    const fix = 'delete it, or give the key oss:DeleteObject'
    return [{ state: 'unknown', subject: 'cleaning up', what: `${key} could not be deleted`, fix }]
  }
}

type Outcome = { signed: Signed; status: number; text: string }

async function byUrl(file: File, options: UploadOptions): Promise<Outcome> {
  const wish = { rule: options.rule, operation: 'put', ...file }
  const { signed, ...refused } = await ask('/signed-url', wish, options)
  if (!signed.url || !signed.headers) return { signed, ...refused }
  const body = Buffer.alloc(file.contentLength)
  return send(signed, { method: 'PUT', headers: signed.headers, body })
}

async function byForm({ contentLength, ...file }: File, options: UploadOptions): Promise<Outcome> {
  const { signed, ...refused } = await ask('/post-policy', { rule: options.rule, ...file }, options)
  if (!signed.url || !signed.fields) return { signed, ...refused }
  const form = new FormData()
  for (const [name, value] of Object.entries(signed.fields)) form.append(name, value)
  const bytes = new Blob([Buffer.alloc(contentLength)], { type: file.contentType })
  form.append('file', bytes, file.filename)
  return send(signed, { method: 'POST', body: form })
}

async function ask(
  path: string,
  wish: object,
  { service, token }: UploadOptions,
): Promise<Outcome> {
  const response = await fetch(`${service}${path}`, {
    ...{ method: 'POST', body: JSON.stringify(wish), signal: AbortSignal.timeout(TIMEOUT_MS) },
    headers: { authorization: `Bearer ${token}` },
  })
  const text = await response.text()
  return { signed: Object(parseJson(text)) as Signed, status: response.status, text }
}

async function send(signed: Signed, init: RequestInit): Promise<Outcome> {
  const response = await fetch(signed.url ?? '', {
    ...init,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  return { signed, status: response.status, text: await response.text() }
}
