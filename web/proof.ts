import { Failure, fromOssXml } from './failure'
import { countOf, type Fields, fromJson, textOf, toFields } from './parse'

/** The upload data that the callback proved. */
export type Proof = { status: string; key: string; size: number; etag: string; contentType: string }

/**
 * Parses the proof in OSS's response to an upload; throws a `Failure` for an error and for a
 * response without a proof.
 */
export function readProof(response: { status: number; text: string }): Proof {
  if (response.status !== 200) throw fromOssXml(response.status, response.text)
  return toProof(fromJson(response.text))
}

/** Parses the proof in a response whose JSON is already parsed. */
export function toProof(value: unknown): Proof {
  try {
    return proofOf(toFields(value))
  } catch (cause) {
    throw new Failure({
      title: 'Stored, but not proven',
      detail: `OSS stored the file, but its response is not the callback's: ${String(cause)}`,
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
