const MAX_KEPT = 16

/** Returns a version of this pure function that caches its latest result. */
export function memoizeLatest<Input, Output>(
  compute: (input: Input) => Output,
): (input: Input) => Output {
  let latest: { input: Input; output: Output } | undefined
  return (input) => {
    if (latest?.input !== input) latest = { input, output: compute(input) }
    return latest.output
  }
}

/** Returns a version of this pure function of strings and numbers that caches its last 16 results. */
export function memoize<Inputs extends readonly (string | number)[], Output>(
  compute: (...inputs: Inputs) => Output,
): (...inputs: Inputs) => Output {
  const kept: { inputs: Inputs; output: Output }[] = []
  return (...inputs) => {
    const known = kept.find((entry) => entry.inputs.every((input, at) => input === inputs[at]))
    if (known) return known.output
    const output = compute(...inputs)
    kept.unshift({ inputs, output })
    kept.splice(MAX_KEPT)
    return output
  }
}

/** A map that deletes the entry set longest ago when it has more than `maxEntries`. */
export class BoundedMap<Key, Value> extends Map<Key, Value> {
  readonly #maxEntries: number

  constructor(maxEntries: number) {
    super()
    this.#maxEntries = maxEntries
  }

  override set(key: Key, value: Value): this {
    this.delete(key)
    super.set(key, value)
    const oldest = this.keys().next()
    if (this.size > this.#maxEntries && !oldest.done) this.delete(oldest.value)
    return this
  }
}
