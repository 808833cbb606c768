type Named = Readonly<Record<string, unknown>>

/** A value with one thing changed: what was done, to which object, and what came of it. */
export type Mutant = { change: string; object: Named; name: string; value: unknown }

/** Every value that has one member less, one more or one of another type, at any depth. */
export function* mutantsOf(value: unknown): Generator<Mutant> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      for (const mutant of mutantsOf(item)) {
        yield { ...mutant, value: value.with(index, mutant.value) }
      }
    }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return
  const object = value as Named
  yield { change: 'added', object, name: 'unheardOf', value: { ...object, unheardOf: 5 } }
  for (const [name, member] of Object.entries(object)) {
    const { [name]: _, ...rest } = object
    const other = typeof member === 'string' ? 5 : 'text'
    yield { change: 'removed', object, name, value: rest }
    yield { change: 'retyped', object, name, value: { ...object, [name]: other } }
    for (const mutant of mutantsOf(member)) {
      yield { ...mutant, value: { ...object, [name]: mutant.value } }
    }
  }
}

const lengths = [0, 1, 64, 65, 255, 256, 1023, 1024, 3700, 3701].map((n) => 'a'.repeat(n))
const lists = [0, 1, 1000, 1001].map((n) => Array.from({ length: n }, (_, index) => index + 1))
lists.push([1, 2, 1])
const numbers = [
  -1,
  0,
  1,
  1.5,
  200,
  899,
  900,
  43_200,
  43_201,
  10_000,
  10_001,
  2 ** 53 - 1,
  2 ** 53,
  1e19,
  1e20,
]
const words = ['put', 'get', 'head', 'multipart', 'multipart-parts', 'read', 'inline', 'image/png']
const maps: object[] = [
  {},
  { a: 'b' },
  { A: 'b' },
  { a: '' },
  { a: ' b' },
  { a: 5 },
  { constructor: 'b' },
]
// The second has bits set that no base64 text of 16 bytes has.
const checksums = ['eB5eJF1ptWaXm4bijSPyxw==', 'eB5eJF1ptWaXm4bijSPyxx==']

/** Values that a member may be set to: of every type, and on both sides of every limit. */
export const MEMBER_VALUES: readonly unknown[] = [
  ...lengths,
  ...lists,
  ...numbers,
  ...words,
  ...maps,
  ...checksums,
  ...[null, true, false, 'ä', 'a b', '0004B9894A22E5B1', [[]], [1.5], [0], [10_000], [10_001]],
]
