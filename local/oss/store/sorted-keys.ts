/** A set of names in the order of their UTF-8 bytes, as OSS lists them. */
export class SortedKeys {
  private readonly names = new Set<string>()
  private sorted: string[] = []
  private isDirty = false

  add(name: string): void {
    this.names.add(name)
    this.isDirty = true
  }

  delete(name: string): void {
    this.names.delete(name)
    this.isDirty = true
  }

  get size(): number {
    return this.names.size
  }

  /** Returns every name in order; sorts only after a change. */
  inOrder(): readonly string[] {
    if (this.isDirty) this.sorted = [...this.names].sort(compareUtf8)
    this.isDirty = false
    return this.sorted
  }
}

/** Compares two strings by their UTF-8 bytes. */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i += 1) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (x !== y) return rank(x) - rank(y)
  }
  return a.length - b.length
}

/**
 * Returns the index of the first name greater than `bound`, or not less than it with `inclusive`.
 */
export function firstAfter(
  names: readonly string[],
  bound: string,
  { inclusive }: { inclusive: boolean },
): number {
  let [low, high] = [0, names.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const comparison = compareUtf8(names[middle] ?? '', bound)
    if (comparison > 0 || (inclusive && comparison === 0)) high = middle
    else low = middle + 1
  }
  return low
}

// UTF-16 puts surrogates, which stand for code points above U+FFFF, below U+E000.
function rank(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800
  return unit >= 0xd800 ? unit + 0x2000 : unit
}
