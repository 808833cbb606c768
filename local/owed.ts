import { OWED_PREFIX, timeOf } from '../shared/events/owed'

/** An upload event that is kept until it is delivered, and the time of its upload if it has one. */
type OwedRecord = { id: string; uploadedAt?: string }

const SHOWN = 1000

/** Returns the first thousand of these markers as records, oldest first. */
export function toOwedRecords(keys: readonly string[]): OwedRecord[] {
  return keys.slice(0, SHOWN).map((key) => {
    const name = key.slice(OWED_PREFIX.length)
    const time = timeOf(name)
    const uploadedAt = time === undefined ? {} : { uploadedAt: new Date(time * 1000).toISOString() }
    const [, id = ''] = name.split('-')
    return { id, ...uploadedAt }
  })
}
