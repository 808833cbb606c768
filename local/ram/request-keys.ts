/** The attributes of a request for the condition keys that all services share; `now` in Unix ms. */
type RequestAttributes = {
  sourceIp: string
  now: number
  userAgent: string | undefined
  accessKeyId: string | undefined
}

/**
 * Returns the condition keys that all services share (RAM: policy elements); `undefined` for one
 * that the request lacks.
 */
export function requestKeys({ sourceIp, now, userAgent, accessKeyId }: RequestAttributes) {
  return {
    'acs:SourceIp': sourceIp,
    'acs:CurrentTime': new Date(now).toISOString(),
    'acs:SecureTransport': 'false',
    'acs:MFAPresent': 'false',
    'acs:UserAgent': userAgent,
    'acs:AccessId': accessKeyId,
  }
}

/** Returns the keys that have a value. */
export function presentKeys(keys: Readonly<Record<string, string | undefined>>) {
  const present = Object.entries(keys).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined
  })
  return Object.fromEntries(present)
}
