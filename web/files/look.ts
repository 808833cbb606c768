/** Whether a stored file can be read by its signed URL. */
export type Found = 'there' | 'gone' | 'unknown'

/**
 * Asks OSS for the first byte of a signed URL. A browser shows OSS's XML when it is sent to the URL of a file that is gone,
 * so this is asked before.
 */
export async function lookAt(url: string): Promise<Found> {
  try {
    const { status, body } = await fetch(url, {
      headers: { range: 'bytes=0-0' },
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
    })
    await body?.cancel()
    if (status === 404) return 'gone'
    return status < 400 || status === 416 ? 'there' : 'unknown'
  } catch {
    // No answer came: nothing is known of the file.
    return 'unknown'
  }
}

const TEXT_BYTES = 65_536

/** Reads the beginning of a text file; `undefined` where it is gone or can't be read. */
export async function readText(url: string): Promise<{ found: Found; text: string }> {
  try {
    const response = await fetch(url, {
      headers: { range: `bytes=0-${TEXT_BYTES - 1}` },
      referrerPolicy: 'no-referrer',
    })
    if (response.status === 404) return { found: 'gone', text: '' }
    if (response.status >= 400) return { found: 'unknown', text: '' }
    return { found: 'there', text: await response.text() }
  } catch {
    // No answer came.
    return { found: 'unknown', text: '' }
  }
}
