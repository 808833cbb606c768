const ROOM_BYTES = 32_768
const MAX_BYTES_PER_CHARACTER = 3

/** Base64 of a text's UTF-8 bytes (RFC 4648 section 4). */
export function toBase64(text: string): string {
  if (text.length * MAX_BYTES_PER_CHARACTER > ROOM_BYTES) {
    return Buffer.from(text).toString('base64')
  }
  return workspace.toString('base64', 0, workspace.write(text))
}

// Filled anew by every call: to make a Buffer of a policy's size costs more than to fill it.
const workspace = Buffer.alloc(ROOM_BYTES)
