import { Refusal } from '../errors'
import { type FormInput, signForm } from './form'
import { type SignedRequest, signUrl, type UrlInput } from './url'

/** The signature version: V4, or V1 for an old bucket or client; V1 covers less (`V1_UNBOUND`). */
export type SignatureVersion = 'v4' | 'v1'

/** The signers of URLs by version. */
export const URL_SIGNERS = {
  v4: signUrl,
  v1: signV1Url,
} as const satisfies Record<SignatureVersion, (input: UrlInput) => SignedRequest>

/** The signers of forms by version. */
export const FORM_SIGNERS = {
  v4: signForm,
  v1: (input: FormInput) => loadV1().signFormV1(input),
} as const satisfies Record<SignatureVersion, (input: FormInput) => Record<string, string>>

// V1 signs the decoded key, so a question mark could forge a sub-resource that was not granted.
function signV1Url(input: UrlInput): SignedRequest {
  if (!input.key.includes('?')) return loadV1().signUrlV1(input)
  throw new Refusal('key_invalid', {
    problem: 'signature version 1 does not allow a question mark',
  })
}

// A separate file of the deployed bundle, loaded only when a setting selects V1.
function loadV1(): typeof import('./sign-v1') {
  return require('./sign-v1')
}
