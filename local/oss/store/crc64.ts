import { createCRC64, type IHasher } from 'hash-wasm'

// CRC-64/XZ: the reflected form of 0x42F0E1EBA9EA3693, which is also hash-wasm's default.
const POLYNOMIAL = 'c96c5795d7870f42'
const POLYNOMIAL_BITS = BigInt(`0x${POLYNOMIAL}`)
const TOP_BIT = 1n << 63n
const MAX_IDLE = 32

const idle: IHasher[] = []
const powers: bigint[] = [TOP_BIT >> 1n]
const shifts = new Map<number, bigint>()

/** A CRC-64 computation; after `release` its hasher is reused. */
export type Crc64 = { update(bytes: Uint8Array): void; digest(): string; release(): void }

/** Starts a CRC-64/XZ; hashers are pooled, because each is a WebAssembly instance. */
export async function startCrc64(): Promise<Crc64> {
  const hasher = (idle.pop() ?? (await createCRC64(POLYNOMIAL))).init()
  return {
    update: (bytes) => void hasher.update(bytes),
    digest: () => BigInt(`0x${hasher.digest('hex')}`).toString(),
    release: () => {
      if (idle.length < MAX_IDLE) idle.push(hasher)
    },
  }
}

/**
 * Returns the decimal CRC of two concatenated pieces, from their CRCs and the length of the second.
 */
export function combineCrc64(first: string, second: string, secondBytes: number): string {
  return (multiply(shiftBy(secondBytes), BigInt(first)) ^ BigInt(second)).toString()
}

// Polynomials over GF(2) modulo ours, reflected: the top bit is x^0. Appending n bytes multiplies
// by x^(8n) (Mark Adler's method in zlib's crc32_combine).
function shiftBy(bytes: number): bigint {
  const known = shifts.get(bytes)
  if (known !== undefined) return known
  let product = TOP_BIT
  for (let bits = BigInt(bytes) * 8n, i = 0; bits > 0n; bits >>= 1n, i += 1) {
    if (bits & 1n) product = multiply(powerOfTwo(i), product)
  }
  if (shifts.size > 1000) shifts.clear()
  shifts.set(bytes, product)
  return product
}

function powerOfTwo(index: number): bigint {
  while (powers.length <= index) {
    const last = powers.at(-1) ?? TOP_BIT
    powers.push(multiply(last, last))
  }
  return powers[index] ?? TOP_BIT
}

function multiply(a: bigint, b: bigint): bigint {
  let product = 0n
  let shifted = b
  for (let bit = TOP_BIT; bit > 0n; bit >>= 1n) {
    if (a & bit) product ^= shifted
    shifted = shifted & 1n ? (shifted >> 1n) ^ POLYNOMIAL_BITS : shifted >> 1n
  }
  return product
}
