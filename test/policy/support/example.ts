import exampleRules from '../../../rules'
import type { Caller } from '../../../shared/auth/caller'
import { Refusal } from '../../../shared/errors'
import { decide } from '../../../shared/policy/decide'
import type { DecideContext } from '../../../shared/policy/permit'
import type {
  CallerRequest,
  DownloadRequest,
  FormRequest,
  PutRequest,
  StsRequest,
} from '../../../shared/rules/requests'
import type { RuleInput } from '../../../shared/rules/rule-input'
import { defineRules } from '../../../shared/rules/rules'

export const NOW = 1_700_000_000
export const UUID = '0b7c1c7e-3d0e-4c57-9a30-5b8a8f0f3a11'
export const ALICE: Caller = { sub: 'alice', claims: { plan: 'pro' } }
export const CONTEXT: DecideContext = {
  rules: exampleRules,
  bucket: 'demo-bkt',
  now: NOW,
  uuid: () => UUID,
  sourceIp: '203.0.113.7',
}
export const PUT: PutRequest = {
  operation: 'put',
  rule: 'avatar',
  filename: 'me.png',
  contentType: 'image/png',
  contentLength: 5,
}
export const FORM: FormRequest = {
  operation: 'form',
  rule: 'avatar',
  filename: 'me.png',
  contentType: 'image/png',
}
export const GET: DownloadRequest = {
  operation: 'get',
  rule: 'avatar',
  key: `avatars/alice/${UUID}.png`,
}
export const STS: StsRequest = { operation: 'sts', rule: 'documents', access: 'read-write' }

/** The context with this one rule, under the name that the wishes above use. */
export function withRule(rule: RuleInput): DecideContext {
  return { ...CONTEXT, rules: defineRules({ avatar: rule }) }
}

/** The refusal that a wish meets; fails when it is granted. */
export async function refusal(
  wish: CallerRequest,
  context = CONTEXT,
  caller = ALICE,
): Promise<Refusal> {
  const error = await decide(caller, wish, context).catch((thrown: unknown) => thrown)
  if (error instanceof Refusal) return error
  throw new Error(`expected a refusal, got ${JSON.stringify(error)}`)
}
