import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The emulator's own key for callbacks, the URL where its public half is, and its bytes there. */
export type CallbackKey = { url: string; pem: string; sign: (bytes: Buffer) => string }

/** The path of the public key; no bucket can have such a name. */
export const CALLBACK_KEY_PATH = '/callback_pub_key_v1.pem'

// OSS's own key has 512 bits; the emulator must never be mistaken for it.
const MODULUS_BITS = 1024

/** Opens the key pair kept in a data folder, or makes one. */
export function openCallbackKey(folder: string, url: string): CallbackKey {
  const privateKey = openPrivateKey(join(folder, 'callback-key.pem'))
  const pem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString()
  return { url, pem, sign: (bytes) => sign('md5', bytes, privateKey).toString('base64') }
}

function openPrivateKey(path: string): KeyObject {
  if (existsSync(path)) return createPrivateKey(readFileSync(path))
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: MODULUS_BITS })
  writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  return privateKey
}
