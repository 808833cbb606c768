import { timingSafeEqual } from 'node:crypto'

/** Returns whether two signatures are the same, in a time that does not depend on where they differ. */
export function isSame(left: string, right: string): boolean {
  const [one, other] = [Buffer.from(left), Buffer.from(right)]
  return one.length === other.length && timingSafeEqual(one, other)
}
