import { Refusal } from '../errors'
import { type FormInput, signForm } from './form'
import { type SignedRequest, signUrl, type UrlInput } from './url'

/** Which signature: V4 unless an old bucket or client needs V1, which binds less (`V1_UNBOUND`). */
export type SignatureVersion = 'v4' | 'v1'

/** The signers of each version, alike in what they take and give. */
export const SIGNERS = {
  v4: { url: signUrl, form: signForm },
  v1: { url: signV1Url, form: (input: FormInput) => loadV1().signFormV1(input) },
} as const satisfies Record<SignatureVersion, object>

// V1 signs the key decoded, so this mark could forge a sub-resource that nobody granted.
function signV1Url(input: UrlInput): SignedRequest {
  if (!input.key.includes('?')) return loadV1().signUrlV1(input)
  throw new Refusal('key_invalid', { problem: 'signature version 1 allows no question mark' })
}

// A file of its own in the deployed bundle, read when a setting asks for V1: few do.
function loadV1(): typeof import('./sign-v1') {
  return require('./sign-v1')
}
