import { createSign, generateKeyPairSync } from 'node:crypto'
import type { UploadGrant } from '../shared/policy/grant'
import { signTicket } from '../shared/policy/signed-ticket'
import { toTicket } from '../shared/policy/ticket'

// The upload that all benchmarks use.

export const now = Math.floor(Date.now() / 1000)
export const SECRET = 'a-secret-of-more-than-32-bytes-for-the-bench'
export const CALLBACK_PATH = '/upload-callback'
export const CALLBACK_URL = `https://api.example.com${CALLBACK_PATH}`
export const KEY_URL = 'http://localhost:9001/key.pem'

/** Credentials with a session token as long as that of a function's role. */
export const credentials = {
  accessKeyId: 'STS.NUexampleexampleexample1',
  accessKeySecret: 's'.repeat(44),
  securityToken: `CAIS${Buffer.alloc(577, 'seventy-seven').toString('base64')}`.slice(0, 774),
}

export const grant: UploadGrant = {
  kind: 'upload',
  mechanism: 'form',
  rule: 'avatar',
  sub: 'alice',
  bucket: 'demo-bkt',
  key: 'avatars/alice/0b5c6a8e-6ae8-4f0e-8d1e-2f6c1b0c9a11.png',
  contentType: 'image/png',
  contentLength: 5,
  minBytes: 0,
  maxBytes: 5 * 1024 ** 2,
  overwrite: false,
  headers: { 'x-oss-object-acl': 'private', 'x-oss-storage-class': 'Standard' },
  expiresAt: now + 600,
}

export const ticketKeys = { secrets: [SECRET], audience: CALLBACK_URL }

/**
 * Returns the callback request that OSS sends after that upload, and the public key that verifies
 * its signature.
 */
export function signedCallback() {
  // A 512-bit key like OSS's, but our own: only OSS has its private key.
  const pair = generateKeyPairSync('rsa', { modulusLength: 512 })
  const { key, bucket, contentType: mimeType } = grant
  const etag = '5D41402ABC4B2A76B9719D911017C592'
  const ticket = signTicket(toTicket(grant, { id: 'id', now }), ticketKeys)
  const absent = { crc64: null, contentMd5: null, reqId: null }
  const image = { imageHeight: null, imageWidth: null, imageFormat: null }
  const operation = 'PostObject'
  const object = { bucket, object: key, etag, size: 5, mimeType, operation, ticket }
  const body = JSON.stringify({ ...object, ...absent, ...image })
  const sign = createSign('md5').update(`${CALLBACK_PATH}\n${body}`)
  return {
    pem: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    body,
    headers: {
      authorization: sign.sign(pair.privateKey, 'base64'),
      'x-oss-pub-key-url': Buffer.from(KEY_URL).toString('base64'),
    },
  }
}
