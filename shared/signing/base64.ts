const ROOM_BYTES = 32_768
const MAX_BYTES_PER_CHARACTER = 3

/** Returns the UTF-8 bytes of a string in base64 (RFC 4648 section 4). */
export function toBase64(text: string): string {
  if (text.length * MAX_BYTES_PER_CHARACTER > ROOM_BYTES) {
    return Buffer.from(text).toString('base64')
  }
  return workspace.toString('base64', 0, workspace.write(text))
}

// Reused by every call: allocating a Buffer of a policy's size costs more than filling it.
const workspace = Buffer.alloc(ROOM_BYTES)
