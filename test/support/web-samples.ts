import type { WebV1Form } from '../../shared/dialects/web-v1'
import type { WebV4Form } from '../../shared/dialects/web-v4'
import type { Info } from '../e2e/support/client'
import { issueToken } from './token'

/** The answers of `/post-policy` by the dialect that a request names. */
export type WebForms = { 'web-v1': WebV1Form; 'web-v4': WebV4Form }

/** Requests a form as Alibaba's web samples do: a GET with everything in the query. */
export async function askWebForm<Dialect extends keyof WebForms, Body = WebForms[Dialect]>(
  info: Info,
  members: { as: Dialect } & Record<string, string>,
  { sub = 'alice', method = 'GET' } = {},
): Promise<{ status: number; headers: Headers; body: Body }> {
  const token = await issueToken(info, { sub, claims: {} })
  const headers = { authorization: `Bearer ${token}` }
  const url = `${info.gateway}/post-policy?${new URLSearchParams(members)}`
  const answer = await fetch(url, { method, headers })
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Body }
}

/** The fields of the classic sample, with the line for the security token added. */
export function classicFields(form: WebV1Form, key: string): Record<string, string> {
  return {
    key,
    policy: form.policy,
    OSSAccessKeyId: form.accessid,
    success_action_status: '200',
    callback: form.callback,
    signature: form.signature,
    'x-oss-security-token': form['x-oss-security-token'] ?? '',
  }
}

/** The fields of the sample for signature version 4, in its order. */
export function sampleFields(form: WebV4Form, key: string): Record<string, string> {
  return {
    success_action_status: '200',
    policy: form.policy,
    'x-oss-signature': form.signature,
    'x-oss-signature-version': 'OSS4-HMAC-SHA256',
    'x-oss-credential': form.x_oss_credential,
    'x-oss-date': form.x_oss_date,
    key,
    'x-oss-security-token': form.security_token ?? '',
    callback: form.callback,
  }
}

/** What OSS answers to a form that is posted as these samples do: the fields in order, the file last. */
export async function postFields(
  host: string,
  fields: Readonly<Record<string, string>>,
  file: File,
): Promise<{ status: number; body: string }> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', file)
  const answer = await fetch(host, { method: 'POST', body: form })
  return { status: answer.status, body: await answer.text() }
}
