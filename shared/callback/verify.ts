import { verify } from 'node:crypto'
import { Refusal } from '../errors'
import type { HttpRequest } from '../http/message'
import type { CallbackKeys } from './keys'

const MAX_KEY_URL_CHARACTERS = 512
const MAX_SIGNATURE_CHARACTERS = 1024
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/

/**
 * Verifies OSS's signature over the path and raw body of a callback (OSS: Callback, signature); throws a `callback_…`
 * refusal.
 */
export async function verifyCallbackSignature(
  request: HttpRequest,
  options: { callbackPath: string; keys: CallbackKeys; now: number },
): Promise<void> {
  const { path, query, headers, body } = request
  if (path !== options.callbackPath || Object.keys(query).length > 0) {
    throw new Refusal('callback_path')
  }
  // Recorded callbacks from before this header have version 1.0; version 2.0 is not public.
  if ((headers['x-oss-signature-version'] ?? '1.0') !== '1.0') {
    throw new Refusal('callback_signature')
  }
  const signature = toBytes(headers.authorization, MAX_SIGNATURE_CHARACTERS)
  if (!signature) throw new Refusal('callback_signature')
  const signed = signedBytes({ path, rawQuery: '' }, body)
  const keyUrl = toBytes(headers['x-oss-pub-key-url'], MAX_KEY_URL_CHARACTERS)
  if (!keyUrl) throw new Refusal('callback_key_url')
  const key = await options.keys.find(keyUrl.toString('latin1'), options.now)
  if (!verify('md5', signed, key, signature)) throw new Refusal('callback_signature')
}

/**
 * Returns the bytes that OSS signs: decoded path, raw query, a line feed, the body (OSS: Callback, signature).
 * @internal
 */
export function signedBytes(target: { path: string; rawQuery: string }, body: Buffer): Buffer {
  const { path, rawQuery } = target
  const decoded = decodePath(path)
  return Buffer.concat([Buffer.from(`${decoded}${rawQuery && `?${rawQuery}`}\n`), body])
}

function decodePath(path: string): string {
  const decoded = tryDecode(path)
  // With a line feed in the path, a part of the body could be moved to the path under the same signature.
  if (decoded === undefined || /\p{Cc}/u.test(decoded)) throw new Refusal('callback_path')
  return decoded
}

function tryDecode(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    // Only malformed percent-encoding throws here, and the caller refuses it.
    return undefined
  }
}

function toBytes(base64: string | undefined, maxCharacters: number): Buffer | undefined {
  if (!base64 || base64.length > maxCharacters || !BASE64.test(base64)) return undefined
  return Buffer.from(base64, 'base64')
}
