import { reasonOf } from '../abort'
import { OssDirectError, refusal } from '../errors'
import type { PartsJob, PartsResult } from '../job'
import type { SignedRequest } from '../parts/begun'
import type { Completed } from '../parts/complete'
import { readBytes } from '../read-chunk'
import { sendWatched } from '../watched'
import { openDigester } from './digester'

const READ_BYTES = 1024 * 1024

/** The check of an upload against the bytes of the file. */
export interface Checksum {
  /** Returns the result if OSS has exactly these bytes; throws `checksum_mismatch` if not. */
  verify(completed: Completed): Promise<PartsResult>
  end(): void
}

/** Begins to compute the CRC-64 of a file, beside its upload. */
export function startChecksum(job: PartsJob): Checksum {
  const ending = new AbortController()
  const computing = digestOf(job, ending.signal)
  // Reported by `verify`, which comes later or never.
  computing.catch(() => {})
  return {
    end: () => ending.abort(),
    async verify({ result, crc64 }) {
      try {
        const stored = crc64 ?? (await storedCrc64(job, result.key))
        if (stored === (await computing)) return result
      } catch (cause) {
        return { ...result, proven: false, reason: unavailable(cause) }
      }
      throw new OssDirectError('OSS has other bytes than the file. Upload it again.', {
        code: 'checksum_mismatch',
        retryable: true,
      })
    },
  }
}

async function digestOf({ source }: PartsJob, signal: AbortSignal): Promise<string> {
  const digester = await openDigester()
  try {
    for (let start = 0; start < source.size; start += READ_BYTES) {
      const bytes = await readBytes(source, start, Math.min(start + READ_BYTES, source.size))
      if (!bytes) throw new Error('This platform can not read the bytes of a file')
      await digester.update(bytes)
      if (signal.aborted) throw reasonOf(signal)
    }
    return await digester.digest()
  } finally {
    digester.close()
  }
}

async function storedCrc64({ api, transport, rule, control }: PartsJob, key: string) {
  const { signal } = control
  const answer = await api.ask('/signed-url', { operation: 'head', rule, key }, signal)
  const { method, url, headers } = answer as unknown as SignedRequest
  const response = await sendWatched(transport, { method, url, headers, signal })
  const stored = response.headers['x-oss-hash-crc64ecma']
  if (!stored) throw new Error('The CORS rules of the bucket do not expose x-oss-hash-crc64ecma')
  return stored
}

function unavailable(cause: unknown): OssDirectError {
  const message = 'The file is stored, but its CRC-64 could not be compared.'
  return refusal('checksum_unavailable', message, cause)
}
