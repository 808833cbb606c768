const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** The items of a comma-separated list, trimmed, without empty ones. */
export function toList(value = ''): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

/** What a text of JSON says; `undefined` for what is none, since the parser's own words would quote it. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** True for a URL on this machine. */
export function isLoopback(value: string): boolean {
  return URL.canParse(value) && LOOPBACK.has(new URL(value).hostname)
}

/** True for an https URL (http on loopback) that carries no user, query or fragment. */
export function isSafeUrl(value: string): boolean {
  if (!URL.canParse(value)) return false
  const { protocol, username, password, search, hash } = new URL(value)
  const isEncrypted = protocol === 'https:' || (protocol === 'http:' && isLoopback(value))
  return isEncrypted && username === '' && password === '' && search === '' && hash === ''
}
