import { OssDirectError, type SendResponse } from '../../../client'
import { networkError } from '../../../client/transports/to-sending'

// What ali-oss says when no answer came, and when a request took too long.
const NO_ANSWER: readonly unknown[] = [-1, -2]

/**
 * Returns OSS's answer to the last request of an upload, in the form that the client reads, from what `ali-oss` resolved to or
 * rejected with; throws where no answer came.
 */
export function answerOf(outcome: unknown): SendResponse {
  if (!(outcome instanceof Error)) {
    return toAnswer(200, JSON.stringify((outcome as { data?: unknown }).data ?? null))
  }
  if (outcome instanceof OssDirectError) throw outcome
  const { status, code, requestId, ecCode, message } = outcome as Error & Partial<SdkFields>
  if (typeof status !== 'number') throw outcome
  if (NO_ANSWER.includes(status)) throw networkError(outcome)
  const elements = { Code: code, Message: message, RequestId: requestId, EC: ecCode }
  const xml = Object.entries(elements).map(
    ([name, text]) => `<${name}>${escapeXml(text)}</${name}>`,
  )
  return toAnswer(status, xml.join(''))
}

type SdkFields = Record<'status' | 'code' | 'requestId' | 'ecCode', unknown>

function toAnswer(status: number, text: string): SendResponse {
  return { status, headers: {}, text }
}

function escapeXml(text: unknown): string {
  return String(text ?? '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
}
