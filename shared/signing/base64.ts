const ROOM_BYTES = 32_768
const MAX_BYTES_PER_CHARACTER = 3

/** Returns the UTF-8 bytes of a string in base64 or base64url (RFC 4648 sections 4 and 5). */
export function toBase64(text: string, encoding: 'base64' | 'base64url' = 'base64'): string {
  if (text.length * MAX_BYTES_PER_CHARACTER > ROOM_BYTES) {
    return Buffer.from(text).toString(encoding)
  }
  return workspace.toString(encoding, 0, workspace.write(text))
}

// Reused by every call: allocating a Buffer of a policy's size costs more than filling it.
const workspace = Buffer.alloc(ROOM_BYTES)
