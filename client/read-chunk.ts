import { OssDirectError, refusal } from './errors'
import type { Chunk, Source } from './types'

/** Returns a range of a source; throws `file_unreadable` where the source can't give it. */
export async function readChunk(source: Source, start: number, end: number): Promise<Chunk> {
  try {
    return await source.slice(start, end)
  } catch (cause) {
    throw unreadable(cause)
  }
}

/** Returns a copy of the bytes of a range; `undefined` for chunks that can't be read, such as React Native's. */
export async function readBytes(
  source: Source,
  start: number,
  end: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunk = await readChunk(source, start, end)
  if (chunk instanceof Uint8Array) return new Uint8Array(chunk)
  if (!('arrayBuffer' in chunk)) return undefined
  return new Uint8Array(
    await chunk.arrayBuffer().catch((cause) => {
      throw unreadable(cause)
    }),
  )
}

/**
 * Throws `file_unreadable` for a request that failed because its file can't be read, which browsers report as a lost network, else
 * the error that it failed with.
 */
export async function whyNot(error: unknown, body: Chunk): Promise<never> {
  if (error instanceof OssDirectError && error.code === 'network' && 'arrayBuffer' in body) {
    await body
      .slice(0, 1)
      .arrayBuffer()
      .catch((cause) => {
        throw unreadable(cause)
      })
  }
  throw error
}

function unreadable(cause: unknown): OssDirectError {
  const message = 'The file can no longer be read: it was changed or removed.'
  return refusal('file_unreadable', message, cause)
}
