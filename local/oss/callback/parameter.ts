import { decodeBase64 } from '../encode'
import { CALLBACK } from '../errors/callback'
import { OssError } from '../errors/oss-error'
import { firstValue, type OssRequest } from '../wire'
import { fillTemplate, SAMPLE_VALUES, variablesOf } from './template'

/** A checked callback parameter. */
export type Callback = {
  urls: string[]
  host: string | undefined
  body: string
  bodyType: 'application/x-www-form-urlencoded' | 'application/json'
  sni: boolean
  /** Values of `x:` variables by name. */
  variables: Readonly<Record<string, string>>
}

const MAX_ENCODED_BYTES = 5 * 1024
const MAX_URLS = 5
const FORM_TYPE = 'application/x-www-form-urlencoded'
const JSON_TYPE = 'application/json'

/**
 * Reads the callback of a PutObject or CompleteMultipartUpload from its headers or its URL; returns
 * `undefined` if there is none.
 */
export function readCallback({ headers, query }: OssRequest): Callback | undefined {
  const inQuery = firstValue(query, 'callback')
  const inHeader = headers['x-oss-callback']
  if (inQuery !== undefined && inHeader !== undefined) throw new OssError(CALLBACK.both)
  const varInQuery = firstValue(query, 'callback-var')
  const varInHeader = headers['x-oss-callback-var']
  if (varInQuery !== undefined && varInHeader !== undefined) {
    throw new OssError(CALLBACK.bothVariables)
  }
  const parameter = inQuery ?? inHeader
  if (parameter === undefined || parameter === '') return undefined
  return parseCallback(parameter, varInQuery ?? varInHeader)
}

/**
 * Parses the callback parameter and its variables, both base64 of JSON. Returns `undefined` if it
 * has no URL, which means no callback.
 */
export function parseCallback(
  encoded: string,
  variables: string | undefined,
): Callback | undefined {
  const parameter = parseParameter(encoded)
  if (parameter.callbackPolicy !== undefined) throw new OssError(CALLBACK.policyUnsupported)
  if (parameter.callbackUrl === undefined || parameter.callbackUrl === '') return undefined
  checkRestricted(parameter)
  const bodyType = parseBodyType(parameter.callbackBodyType)
  return {
    urls: parseUrls(parameter.callbackUrl),
    host: parseHost(parameter.callbackHost),
    body: parseBody(parameter.callbackBody, bodyType),
    bodyType,
    sni: parseSni(parameter.callbackSNI),
    variables: variables === undefined ? {} : parseVariables(variables),
  }
}

function parseParameter(encoded: string): Readonly<Record<string, unknown>> {
  if (Buffer.byteLength(encoded) > MAX_ENCODED_BYTES) throw new OssError(CALLBACK.tooLong)
  const bytes = decodeBase64(encoded)
  if (!bytes) throw new OssError(CALLBACK.notBase64)
  const parameter = parseObject(bytes.toString('utf8'))
  if (!parameter) throw new OssError(CALLBACK.notJson)
  return parameter
}

function parseVariables(encoded: string): Readonly<Record<string, string>> {
  if (Buffer.byteLength(encoded) > MAX_ENCODED_BYTES) throw new OssError(CALLBACK.varTooLong)
  const values = parseObject(decodeBase64(encoded)?.toString('utf8') ?? '')
  if (!values) throw new OssError(CALLBACK.varNotJson)
  const variables: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(values)) {
    if (typeof value !== 'string') throw new OssError(CALLBACK.varNotJson)
    // Templates can only use names with this prefix.
    if (name.startsWith('x:')) variables[name] = value
  }
  return variables
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    return value as Readonly<Record<string, unknown>>
  } catch {
    // Not JSON: the caller throws OSS's error.
    return undefined
  }
}

function checkRestricted(parameter: Readonly<Record<string, unknown>>): void {
  const { signatureVersion, additionalHeaders } = parameter
  if (signatureVersion !== undefined && signatureVersion !== '1.0') {
    throw new OssError(CALLBACK.version)
  }
  if (additionalHeaders !== undefined) throw new OssError(CALLBACK.additionalHeaders)
}

function parseUrls(value: unknown): string[] {
  if (typeof value !== 'string') throw new OssError(CALLBACK.url)
  const urls = value
    .split(';')
    .map((url) => url.trim())
    .filter((url) => url !== '')
  if (urls.length > MAX_URLS) throw new OssError(CALLBACK.urlCount)
  if (urls.length === 0) throw new OssError(CALLBACK.url)
  return urls.map(checkUrl)
}

// Old examples omit the scheme: they have a host, optionally a port, and a path.
function checkUrl(text: string): string {
  const isBare = /^[^:/?#]+(?::\d+)?(?:[/?#]|$)/.test(text)
  const url = isBare ? `http://${text}` : text
  const isPlain = /^https?:\/\/(?!\/)[!-~]+$/i.test(url) && URL.canParse(url)
  if (!isPlain || new URL(url).hostname.startsWith('[')) throw new OssError(CALLBACK.url)
  return url
}

function parseHost(value: unknown): string | undefined {
  if (value === undefined || value === '') return undefined
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) {
    throw new OssError(CALLBACK.hostType)
  }
  return value
}

function parseBodyType(value: unknown): Callback['bodyType'] {
  if (value === undefined || value === FORM_TYPE || value === '') return FORM_TYPE
  if (value === JSON_TYPE) return JSON_TYPE
  throw new OssError(CALLBACK.bodyType)
}

function parseBody(value: unknown, bodyType: Callback['bodyType']): string {
  if (value === undefined || value === '') throw new OssError(CALLBACK.bodyEmpty)
  if (typeof value !== 'string') throw new OssError(CALLBACK.bodyVariable)
  if (/\$\(/.test(value) || !variablesOf(value)) throw new OssError(CALLBACK.bodyVariable)
  if (bodyType === JSON_TYPE && !isJson(fillTemplate(value, bodyType, SAMPLE_VALUES))) {
    throw new OssError(CALLBACK.bodyNotJson)
  }
  return value
}

function parseSni(value: unknown): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? false
  throw new OssError(CALLBACK.sni)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    // Not JSON, which is what this function checks.
    return false
  }
}
