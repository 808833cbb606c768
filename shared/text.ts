const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Returns the items of a comma-separated list, trimmed, without empty ones. */
export function toList(value = ''): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

/** Parses JSON; returns `undefined` for invalid JSON, because the parser's error message would quote it. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Returns true for a URL whose host is this machine. */
export function isLoopback(value: string): boolean {
  return URL.canParse(value) && LOOPBACK.has(new URL(value).hostname)
}

/** Returns true for an https URL (http on loopback) without user, query or fragment. */
export function isSafeUrl(value: string): boolean {
  if (!URL.canParse(value)) return false
  const { protocol, username, password, search, hash } = new URL(value)
  const isEncrypted = protocol === 'https:' || (protocol === 'http:' && isLoopback(value))
  return isEncrypted && username === '' && password === '' && search === '' && hash === ''
}
