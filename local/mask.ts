const GONE = '…'

// The forms in which signatures, tokens and tickets occur in what OSS computes and sends.
const SECRETS: readonly RegExp[] = [
  // A JWS, such as a ticket or a caller's token: all but its signature may be read.
  /(eyJ[\w-]+\.[\w-]+\.)[\w-]+/g,
  // In a query, as it is signed.
  /((?:security-token|signature)(?:=|%3D))[^&\s"]+/gi,
  // In a line of canonical headers.
  /(^x-oss-security-token:)[^\n]+/gim,
  // In a policy, as a list or as an object.
  /("\$?(?:x-oss-security-token|x-oss-signature|signature)"\s*[,:]\s*")[^"]+/gi,
]
const BASE64 = /(?:[A-Za-z0-9+/]|%2B|%2F){24,}(?:=|%3D){0,2}/gi
const SECRET_HEADERS = ['authorization', 'x-oss-security-token']

/** Returns the text without signatures, tokens and the signatures of tickets, also within JSON in base64. */
export function maskText(text: string): string {
  const masked = SECRETS.reduce((rest, secret) => rest.replace(secret, `$1${GONE}`), text)
  return masked.replace(BASE64, maskBase64)
}

/** Returns headers without secrets. */
export function maskHeaders(
  headers: Readonly<Record<string, string | number>>,
): Record<string, string> {
  const masked = Object.entries(headers).map(([name, value]) => [
    name,
    SECRET_HEADERS.includes(name.toLowerCase()) ? GONE : maskText(String(value)),
  ])
  return Object.fromEntries(masked)
}

// A policy and the variables of a callback are JSON in base64, in a query with percent signs.
function maskBase64(encoded: string): string {
  const isEscaped = encoded.includes('%')
  const base64 = isEscaped ? decodeURIComponent(encoded) : encoded
  const text = Buffer.from(base64, 'base64').toString('utf8')
  if (!text.startsWith('{')) return encoded
  const masked = maskText(text)
  if (masked === text) return encoded
  const again = Buffer.from(masked).toString('base64')
  return isEscaped ? encodeURIComponent(again) : again
}
