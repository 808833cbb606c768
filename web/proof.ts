import { Failure, fromOssXml } from './failure'
import { countOf, type Fields, fromJson, textOf, toFields } from './parse'

/** What the upload callback proved. */
export type Proof = { status: string; key: string; size: number; etag: string; contentType: string }

/** The proof in OSS's answer to an upload; throws a `Failure` for a refusal and for what is unproven. */
export function readProof(answer: { status: number; text: string }): Proof {
  if (answer.status !== 200) throw fromOssXml(answer.status, answer.text)
  return toProof(fromJson(answer.text))
}

/** The same for an answer whose JSON has been read. */
export function toProof(value: unknown): Proof {
  try {
    return proofOf(toFields(value))
  } catch (cause) {
    throw new Failure({
      title: 'Stored, but not proven',
      detail: `OSS took the file, but its answer is not the callback's: ${String(cause)}`,
      code: 'unproven',
    })
  }
}

function proofOf(fields: Fields): Proof {
  return {
    status: textOf(fields, 'status'),
    key: textOf(fields, 'key'),
    size: countOf(fields, 'size'),
    etag: textOf(fields, 'etag'),
    contentType: textOf(fields, 'contentType'),
  }
}
