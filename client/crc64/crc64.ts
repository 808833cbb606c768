/** A CRC-64 that grows with the bytes. */
export interface Crc64 {
  update(bytes: Uint8Array): void
  /** Returns it as OSS writes it: an unsigned decimal number. */
  digest(): string
}

/**
 * Creates a CRC-64 of ECMA-182, reflected, as OSS computes it (OSS: x-oss-hash-crc64ecma). Refers to nothing outside, since the worker
 * runs its text.
 */
export function createCrc64(): Crc64 {
  const lows = new Uint32Array(256)
  const highs = new Uint32Array(256)
  for (let byte = 0; byte < 256; byte++) {
    let low = byte
    let high = 0
    for (let bit = 0; bit < 8; bit++) {
      const isOdd = low & 1
      low = (low >>> 1) | (high << 31)
      high >>>= 1
      if (isOdd) {
        low ^= 0xd7870f42
        high ^= 0xc96c5795
      }
    }
    lows[byte] = low
    highs[byte] = high
  }
  let low = -1
  let high = -1
  return {
    update(bytes) {
      for (let index = 0; index < bytes.length; index++) {
        const entry = (low ^ (bytes[index] as number)) & 255
        low = ((low >>> 8) | (high << 24)) ^ (lows[entry] as number)
        high = (high >>> 8) ^ (highs[entry] as number)
      }
    },
    digest: () => ((BigInt(~high >>> 0) << BigInt(32)) | BigInt(~low >>> 0)).toString(),
  }
}
