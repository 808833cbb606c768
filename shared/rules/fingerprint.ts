import { sha256Hex } from '../signing/hash'

/**
 * Returns a hash of the data of these rules, in which all functions are equal; `undefined` for rules that can't be
 * converted to JSON.
 */
export function fingerprint(rules: unknown): string | undefined {
  try {
    return sha256Hex(JSON.stringify(rules, nameFunctions))
  } catch {
    // A cycle or a getter that throws: the check of the rules reports it.
    return undefined
  }
}

function nameFunctions(_: string, value: unknown): unknown {
  return typeof value === 'function' ? 'function' : value
}
