import { createPublicKey, createVerify } from 'node:crypto'
import OSS from 'ali-oss'
import { parseCallback } from '../shared/callback/body'
import { checkClaims } from '../shared/callback/claims'
import { createCallbackKeys } from '../shared/callback/keys'
import { callbackFields } from '../shared/callback/parameter'
import { verifyCallbackSignature } from '../shared/callback/verify'
import type { HttpRequest } from '../shared/http/message'
import { formFields, formPolicy } from '../shared/policy/form-policy'
import { signTicket, verifyTicket } from '../shared/policy/signed-ticket'
import { toTicket } from '../shared/policy/ticket'
import { signForm } from '../shared/signing/form'
import { planParts, signParts } from '../shared/signing/multipart'
import { signUrlV1 } from '../shared/signing/sign-v1'
import type { OssTarget } from '../shared/signing/target'
import { signUrl } from '../shared/signing/url'
import {
  CALLBACK_PATH,
  CALLBACK_URL,
  credentials,
  grant,
  KEY_URL,
  now,
  signedCallback,
  ticketKeys,
} from './example'
import { type Case, floor } from './measure'

const target: OssTarget = {
  bucket: grant.bucket,
  region: 'cn-hangzhou',
  endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
  addressing: 'virtual-hosted',
}

/** The number of parts that the multipart case signs. */
export const PARTS = 1000

/** The names of all cases, ours and their references. */
export const CASES = {
  floor: 'floor: SHA-256 of 300 B and one HMAC',
  url4Theirs: 'V4 URL: ali-oss',
  url4: 'V4 URL: ours',
  url1Theirs: 'V1 URL: ali-oss',
  url1: 'V1 URL: ours',
  formTheirs: 'V4 form: ali-oss, policy and signature alone',
  form: 'V4 form: ours, ticket, callback and all fields',
  parts: `${PARTS} parts: ours`,
  callbackTheirs: 'callback: published sample, signature alone',
  callback: 'callback: ours, signature, body, ticket and proof',
} as const

const headers = { 'content-type': 'image/png', 'content-length': '5' }

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

function putUrl(): unknown {
  return signUrl({
    method: 'PUT',
    target,
    key: grant.key,
    headers,
    additionalHeaders: ['content-length'],
    expiresSeconds: 600,
    credentials,
    now,
  })
}

function putUrlV1(): unknown {
  return signUrlV1({
    method: 'PUT',
    target,
    key: grant.key,
    headers: { 'content-type': 'image/png' },
    expiresSeconds: 600,
    credentials,
    now,
  })
}

function wholeForm(): Record<string, string> {
  const ticket = signTicket(toTicket(grant, { id: 'id', now }), ticketKeys)
  const fields = callbackFields({ url: CALLBACK_URL, ticket })
  return signForm({
    fields: formFields(grant, fields),
    target,
    credentials,
    now,
    policyText: (all) => formPolicy(all, grant),
  })
}

function callbackRequest(): { request: HttpRequest; pem: string } {
  const { pem, headers, body } = signedCallback()
  const sent = { method: 'POST', path: CALLBACK_PATH, query: {}, headers }
  const request = { ...sent, body: Buffer.from(body), requestId: 'r', sourceIp: '127.0.0.1' }
  return { pem, request }
}

/** Returns all cases, ours and their references. */
export function signingCases(): Case[] {
  const theirs = aliOss()
  const policy = JSON.parse(Buffer.from(wholeForm().policy ?? '', 'base64').toString())
  const plan = planParts(8 * 1024 ** 2 * PARTS)
  const partNumbers = Array.from({ length: PARTS }, (_, index) => index + 1)
  const { request, pem } = callbackRequest()
  const trusted = { url: KEY_URL, pem }
  const keys = createCallbackKeys({
    send: () => Promise.reject(new Error('No key is fetched')),
    trusted,
  })
  return [
    {
      name: CASES.floor,
      run: floor,
    },
    {
      name: CASES.url4Theirs,
      run: () =>
        theirs.signatureUrlV4('PUT', 600, { headers, queries: {} }, grant.key, ['content-length']),
    },
    {
      name: CASES.url4,
      run: putUrl,
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
      name: CASES.url1,
      run: putUrlV1,
    },
    {
      name: CASES.formTheirs,
      run: () => theirs.signPostObjectPolicyV4(policy, new Date(now * 1000)),
    },
    { name: CASES.form, run: wholeForm },
    {
      name: CASES.parts,
      run: () =>
        signParts({
          target,
          key: grant.key,
          credentials,
          expiresSeconds: 600,
          now,
          uploadId: '0004B9894A22E5B1888A1E29F8236E2D',
          plan,
          partNumbers,
        }),
    },
    {
      name: CASES.callbackTheirs,
      run: () =>
        createVerify('md5')
          .update(Buffer.concat([Buffer.from(`${CALLBACK_PATH}\n`), request.body]))
          .verify(createPublicKey(pem), Buffer.from(request.headers.authorization ?? '', 'base64')),
    },
    {
      name: CASES.callback,
      run: async () => {
        await verifyCallbackSignature(request, { callbackPath: CALLBACK_PATH, keys, now })
        const callback = parseCallback(request.body)
        checkClaims(
          { ...callback, operation: 'PostObject' },
          verifyTicket(callback.ticket, { ...ticketKeys, now, use: ['form'] }),
        )
      },
    },
  ]
}
