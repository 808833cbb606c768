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
import { signHeaders } from '../shared/signing/header'
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
import type { Case } from './measure'

// Our own signers and verifiers, each with the upload of `example.ts`.

/** The bucket of the example. */
export const target: OssTarget = {
  bucket: grant.bucket,
  region: 'cn-hangzhou',
  endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
  addressing: 'virtual-hosted',
}

/** The headers of a signed PUT. */
export const headers = { 'content-type': 'image/png', 'content-length': '5' }

/** The names of our own cases. */
export const OWN = {
  url4: 'V4 URL: ours',
  url1: 'V1 URL: ours',
  header: 'V4 header: ours',
  form: 'V4 form: ours, ticket, callback and all fields',
  ticket: 'ticket: ours',
  parts: 'parts: ours',
  callback: 'callback: ours, signature, body, ticket and proof',
} as const

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

/** Signs a form with its ticket, callback and all fields. */
export function wholeForm(): Record<string, string> {
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

/** Returns OSS's request for the example, and the key that signed it. */
export function callbackRequest(): { request: HttpRequest; pem: string } {
  const { pem, headers, body } = signedCallback()
  const sent = { method: 'POST', path: CALLBACK_PATH, query: {}, headers }
  const request = { ...sent, body: Buffer.from(body), requestId: 'r', sourceIp: '127.0.0.1' }
  return { pem, request }
}

function parts(partCount: number): () => unknown {
  const plan = planParts(8 * 1024 ** 2 * partCount)
  const partNumbers = Array.from({ length: partCount }, (_, index) => index + 1)
  const uploadId = '0004B9894A22E5B1888A1E29F8236E2D'
  const common = { target, key: grant.key, credentials, expiresSeconds: 600, now }
  return () => signParts({ ...common, uploadId, plan, partNumbers })
}

function callback({ request, pem }: { request: HttpRequest; pem: string }): () => Promise<void> {
  const trusted = { url: KEY_URL, pem }
  const send = () => Promise.reject(new Error('No key is fetched'))
  const keys = createCallbackKeys({ send, trusted })
  return async () => {
    await verifyCallbackSignature(request, { callbackPath: CALLBACK_PATH, keys, now })
    const parsed = parseCallback(request.body)
    checkClaims(
      { ...parsed, operation: 'PostObject' },
      verifyTicket(parsed.ticket, { ...ticketKeys, now, use: ['form'] }),
    )
  }
}

/** Returns our own cases; one of them signs this many parts, another verifies this callback. */
export function ownCases(
  partCount: number,
  signed: { request: HttpRequest; pem: string } = callbackRequest(),
): Case[] {
  return [
    { name: OWN.url4, run: putUrl },
    { name: OWN.url1, run: putUrlV1 },
    {
      name: OWN.header,
      run: () => signHeaders({ method: 'PUT', target, key: grant.key, headers, credentials, now }),
    },
    { name: OWN.form, run: wholeForm },
    {
      name: OWN.ticket,
      run: () => signTicket(toTicket(grant, { id: 'id', now }), ticketKeys),
    },
    { name: OWN.parts, run: parts(partCount) },
    { name: OWN.callback, run: callback(signed) },
  ]
}
