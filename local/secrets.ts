const PATTERNS = [
  // In a query, up to the next `&`; also in one that a client encoded as part of a path.
  /((?:x-oss-)?(?:signature|security-token)(?:=|%3D))[^&%\s]*(?:%(?!26)[^&%\s]*)*/gi,
  // In a condition of a form's policy, as error messages repeat it.
  /("\$(?:x-oss-security-token|x-oss-signature|signature)", )[^\]]*/gi,
]

/** Returns the record with signatures and tokens blanked out of its strings, for logs. */
export function blankSecrets<T extends object>(record: T): T {
  const members = Object.entries(record).map(([name, value]) => [
    name,
    typeof value === 'string' ? blank(value) : value,
  ])
  // The members are those of a T, and strings stay strings.
  return Object.fromEntries(members) as T
}

function blank(text: string): string {
  return PATTERNS.reduce((rest, pattern) => rest.replace(pattern, '$1…'), text)
}
