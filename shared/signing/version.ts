import { Refusal } from '../errors'
import { type FormInput, signForm } from './form'
import { type SignedRequest, signUrl, type UrlInput } from './url'

/** Which signature: V4 unless an old bucket or client needs V1, which binds less (`V1_UNBOUND`). */
export type SignatureVersion = 'v4' | 'v1'

/** The signers of URLs, alike in what they take and give. */
export const URL_SIGNERS = {
  v4: signUrl,
  v1: signV1Url,
} as const satisfies Record<SignatureVersion, (input: UrlInput) => SignedRequest>

/** The signers of forms, alike in what they take and give. */
export const FORM_SIGNERS = {
  v4: signForm,
  v1: (input: FormInput) => loadV1().signFormV1(input),
} as const satisfies Record<SignatureVersion, (input: FormInput) => Record<string, string>>

// V1 signs the key decoded, so this mark could forge a sub-resource that nobody granted.
function signV1Url(input: UrlInput): SignedRequest {
  if (!input.key.includes('?')) return loadV1().signUrlV1(input)
  throw new Refusal('key_invalid', { problem: 'signature version 1 allows no question mark' })
}

// A file of its own in the deployed bundle, read when a setting asks for V1: few do.
function loadV1(): typeof import('./sign-v1') {
  return require('./sign-v1')
}
