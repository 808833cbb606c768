/** The attributes of a request that the condition keys of every service hold; `now` in Unix ms. */
type RequestAttributes = {
  sourceIp: string
  now: number
  userAgent: string | undefined
  accessKeyId: string | undefined
}

/** The condition keys that every service has (RAM: policy elements); `undefined` for what a request lacks. */
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

/** The keys that have a value. */
export function presentKeys(keys: Readonly<Record<string, string | undefined>>) {
  const present = Object.entries(keys).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined
  })
  return Object.fromEntries(present)
}
