import { createPublicKey, createVerify, hash, verify } from 'node:crypto'
import OSS from 'ali-oss'
import { CALLBACK_PATH, credentials, grant, now } from './example'
import { type Case, floor } from './measure'
import { callbackRequest, headers, OWN, ownCases, target, wholeForm } from './own-cases'
import { PEERS, peerCases } from './peer-cases'

/** The number of parts that the multipart case signs. */
export const PARTS = 1000

/** The names of all cases, ours and their references. */
export const CASES = {
  ...OWN,
  floor: 'floor: SHA-256 of 300 B and one HMAC',
  url4Theirs: 'V4 URL: ali-oss',
  url1Theirs: 'V1 URL: ali-oss',
  formTheirs: 'V4 form: ali-oss, policy and signature alone',
  policyFloor: 'floor of the form: one-shot SHA-256 of its policy in base64',
  callbackTheirs: 'callback: published sample, signature alone',
  callbackFloor: 'floor of the callback: crypto.verify with a kept key',
  ...PEERS,
} as const

function aliOss() {
  const { accessKeyId, accessKeySecret } = credentials
  const options = { region: 'oss-cn-hangzhou', bucket: target.bucket, accessKeyId, accessKeySecret }
  // Without a token refresh the SDK logs a warning at every start.
  const sts = {
    stsToken: credentials.securityToken,
    refreshSTSToken: () => Promise.reject(new Error('Unused')),
  }
  const client: unknown = new OSS({ ...options, ...sts, secure: true })
  return client as {
    signatureUrl: (key: string, options: object) => string
    signatureUrlV4: (
      method: string,
      seconds: number,
      request: object,
      key: string,
      names: string[],
    ) => Promise<string>
    signPostObjectPolicyV4: (policy: object, date: Date) => string
  }
}

/** Returns all cases, ours and their references. */
export function signingCases(): Case[] {
  const theirs = aliOss()
  const encoded = wholeForm().policy ?? ''
  const policy = JSON.parse(Buffer.from(encoded, 'base64').toString())
  const signed = callbackRequest()
  const { request, pem } = signed
  const signedText = Buffer.concat([Buffer.from(`${CALLBACK_PATH}\n`), request.body])
  const signature = Buffer.from(request.headers.authorization ?? '', 'base64')
  const key = createPublicKey(pem)
  return [
    { name: CASES.floor, run: floor },
    ...ownCases(PARTS, signed),
    {
      name: CASES.url4Theirs,
      run: () =>
        theirs.signatureUrlV4('PUT', 600, { headers, queries: {} }, grant.key, ['content-length']),
    },
    {
      name: CASES.url1Theirs,
      run: () =>
        theirs.signatureUrl(grant.key, {
          method: 'PUT',
          expires: 600,
          'Content-Type': 'image/png',
        }),
    },
    {
      name: CASES.formTheirs,
      run: () => theirs.signPostObjectPolicyV4(policy, new Date(now * 1000)),
    },
    { name: CASES.policyFloor, run: () => hash('sha256', encoded, 'hex') },
    {
      name: CASES.callbackTheirs,
      run: () =>
        createVerify('md5')
          .update(Buffer.concat([Buffer.from(`${CALLBACK_PATH}\n`), request.body]))
          .verify(createPublicKey(pem), Buffer.from(request.headers.authorization ?? '', 'base64')),
    },
    { name: CASES.callbackFloor, run: () => verify('md5', signedText, key, signature) },
    ...peerCases(),
  ]
}
