import { Refusal } from '../shared/errors'

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
