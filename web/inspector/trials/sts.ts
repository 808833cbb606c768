import { clientFor } from '../../session/session'
import { borrow, openAliOss, toCallback } from '../../upload/sts/ali-oss-options'
import { answerOf } from '../../upload/sts/answer'
import {
  codeOf,
  discard,
  OTHER_TYPE,
  OTHER_USER,
  type TrialInput,
  type TrialResult,
  toProbe,
} from './trial'

const MiB = 1024 * 1024

/** Tries another type or key with credentials, by `ali-oss`. */
export async function tryBySts(
  name: 'type' | 'size' | 'key',
  input: TrialInput,
): Promise<TrialResult> {
  const { rule, user } = input.transfer
  const client = clientFor(user)
  const borrowed = await borrow(client, rule)
  const { prefix, headers } = borrowed.lent
  const probe = toProbe(input, undefined)
  const folder = name === 'key' ? `${OTHER_USER}/${prefix}` : prefix
  const key = `${folder}${probe.name}`
  const sdk = await openAliOss(borrowed, () => borrow(client, rule))
  const options = {
    mime: name === 'type' ? OTHER_TYPE : probe.type,
    ...{ partSize: MiB, parallel: 1, headers: { ...headers } },
    callback: toCallback(borrowed.lent),
    progress: () => undefined,
  }
  try {
    const response = await sdk.multipartUpload(key, probe, options).then(answerOf, answerOf)
    if (response.status < 300) await discard(client, key, rule)
    const isProven = response.status === 200
    return {
      ...{ by: 'oss', status: response.status, code: isProven ? 'OK' : codeOf(response) },
      ...(isProven && { key }),
    }
  } catch {
    // `answerOf` throws where no answer came.
    return { by: 'nobody', status: 0, code: '' }
  }
}
