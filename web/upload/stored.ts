import { signal } from '@preact/signals'

/** How many uploads have ended well since the page was opened; lists of stored files follow it. */
export const storedCount = signal(0)
