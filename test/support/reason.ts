import { Refusal } from '../../shared/errors'

/** The reason that this refuses with, or `accepted`. */
export function reasonOf(run: () => void): string {
  try {
    run()
  } catch (error) {
    if (error instanceof Refusal) return error.reason
    throw error
  }
  return 'accepted'
}

/** What this refuses with, at once or later; throws where it refuses nothing. */
export async function refusalOf(run: () => unknown): Promise<Refusal> {
  try {
    await run()
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  throw new Error('Nothing was refused')
}
