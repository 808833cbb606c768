/** What an SDK reads of the answer of a link. */
type Federation = { accessKeyId: string; secret: string; token: string; expiresAt: number }

// OSSAuthCredentialsProvider.java: `getInputStream` throws from status 400 on, and `getInt` and `getString` for what is absent.
/** Reads the answer as the Android SDK does. */
export async function readAsAndroid(url: string): Promise<Federation> {
  const answer = await fetch(url)
  if (answer.status >= 400) throw new Error('FileNotFoundException')
  const json = (await answer.json()) as Record<string, unknown>
  const statusCode = json.StatusCode
  if (typeof statusCode !== 'number') throw new Error('JSONException: StatusCode')
  if (statusCode !== 200) {
    throw new Error(
      `ErrorCode: ${read(json, 'ErrorCode')}| ErrorMessage: ${read(json, 'ErrorMessage')}`,
    )
  }
  return {
    accessKeyId: read(json, 'AccessKeyId'),
    secret: read(json, 'AccessKeySecret'),
    token: read(json, 'SecurityToken'),
    expiresAt: readDate(read(json, 'Expiration')),
  }
}

// OSSModel.m: no status is looked at, and a date that does not fit `yyyy-MM-dd'T'HH:mm:ssZ` is nil.
/** Reads the answer as the iOS SDK does. */
export async function readAsIos(url: string): Promise<Federation | undefined> {
  const json = (await (await fetch(url)).json()) as Record<string, unknown>
  if (json.StatusCode !== 200) return undefined
  return {
    accessKeyId: read(json, 'AccessKeyId'),
    secret: read(json, 'AccessKeySecret'),
    token: read(json, 'SecurityToken'),
    expiresAt: readDate(read(json, 'Expiration')),
  }
}

function read(json: Record<string, unknown>, name: string): string {
  const value = json[name]
  if (typeof value === 'string') return value
  throw new Error(`JSONException: ${name}`)
}

function readDate(text: string): number {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text)) throw new Error(`not a date: ${text}`)
  return Date.parse(text)
}
