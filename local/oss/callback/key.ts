import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The emulator's key pair for callbacks: the URL and PEM of its public key, and its signing
 * function.
 */
export type CallbackKey = { url: string; pem: string; sign: (bytes: Buffer) => string }

/** The path of the public key; no bucket can have this name. */
export const CALLBACK_KEY_PATH = '/callback_pub_key_v1.pem'

// OSS's key has 512 bits; a different size keeps the two apart.
const MODULUS_BITS = 1024

/** Reads the key pair from a data folder, or creates it. */
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
