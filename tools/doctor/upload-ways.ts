import OSS from 'ali-oss'
import { parseJson } from '../../shared/text'

/** A mechanism of uploads. */
export type Mechanism = 'url' | 'form' | 'sts'
/** The file that is uploaded. */
export type TestFile = { filename: string; contentType: string; contentLength: number }
type Service = { service: string; token: string; rule: string }

type Signed = {
  url?: string
  method?: string
  headers?: Record<string, string>
  fields?: Record<string, string>
  key?: string
  code?: string
}
/** The answer of the functions, and that of OSS where they signed. */
export type Outcome = { signed: Signed; status: number; text: string }

const TIMEOUT_MS = 20_000

/** Uploads a file by each mechanism. */
export const WAYS: Readonly<
  Record<Mechanism, (file: TestFile, options: Service) => Promise<Outcome>>
> = { url: byUrl, form: byForm, sts: bySts }

async function byUrl(file: TestFile, options: Service): Promise<Outcome> {
  const wish = { rule: options.rule, operation: 'put', ...file }
  const { signed, ...refused } = await ask('/signed-url', wish, options)
  if (!signed.url || !signed.headers) return { signed, ...refused }
  const body = Buffer.alloc(file.contentLength)
  return send(signed, { method: 'PUT', headers: signed.headers, body })
}

async function byForm({ contentLength, ...file }: TestFile, options: Service): Promise<Outcome> {
  const { signed, ...refused } = await ask('/post-policy', { rule: options.rule, ...file }, options)
  if (!signed.url || !signed.fields) return { signed, ...refused }
  const form = new FormData()
  for (const [name, value] of Object.entries(signed.fields)) form.append(name, value)
  const bytes = new Blob([Buffer.alloc(contentLength)], { type: file.contentType })
  form.append('file', bytes, file.filename)
  return send(signed, { method: 'POST', body: form })
}

async function ask(path: string, wish: object, { service, token }: Service): Promise<Outcome> {
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

// The client that callers use, with the options that the function gives it.
async function bySts({ filename, contentType, contentLength }: TestFile, options: Service) {
  const wish = { rule: options.rule, access: 'write' }
  const { signed, ...refused } = await ask('/sts?as=ali-oss', wish, options)
  const { prefix, headers, callback, ...lent } = signed as Signed & Lent
  if (prefix === undefined) return { signed, ...refused }
  const key = `${prefix}${filename}`
  const given = { headers, callback, mime: contentType, timeout: TIMEOUT_MS }
  try {
    const client = new OSS(lent as unknown as OSS.Options)
    const { data, res } = await client.put(key, Buffer.alloc(contentLength), given as never)
    return { signed: { key }, status: res.status, text: JSON.stringify(data) }
  } catch (error) {
    const {
      code = '',
      status,
      ecCode = '',
    } = error as { code?: string; status?: number; ecCode?: string }
    if (!status || status < 0) throw error
    const ec = ecCode && `<EC>${ecCode}</EC>`
    return { signed: { key }, status, text: `<Code>${code}</Code>${ec}` }
  }
}

type Lent = { prefix?: string; callback?: object }
