import { signForm } from './form'
import { signHeaders } from './header'
import { signFormV1, signHeadersV1, signUrlV1 } from './sign-v1'
import { signUrl } from './url'

/** Which signature: V4 unless an old bucket or client needs V1, which binds less (`V1_UNBOUND`). */
export type SignatureVersion = 'v4' | 'v1'

/** The signers of each version, alike in what they take and give. */
export const SIGNERS = {
  v4: { url: signUrl, headers: signHeaders, form: signForm },
  v1: { url: signUrlV1, headers: signHeadersV1, form: signFormV1 },
} as const satisfies Record<SignatureVersion, object>
