import { computed, effect, signal } from '@preact/signals'
import { createOssDirect, type OssDirect, type RuleDescription } from '../../client'
import { keptFor } from './storage'
import { loadUsers, onUsersChange, saveUsers, type User } from './users'

/** The users that this browser knows, and the one who is signed in. */
export const users = signal(loadUsers())

/** The user who is signed in. */
export const user = computed(() => users.value.chosen)

/** The client of the user who is signed in; another user has another client. */
export const client = computed(() => clientFor(user.value))

/** What the user who is signed in may use. */
export type Allowed =
  | { kind: 'loading' }
  | { kind: 'known'; rules: readonly RuleDescription[] }
  | { kind: 'failed'; error: unknown }

/** What the user who is signed in may use, as far as it is known. */
export const allowed = signal<Allowed>({ kind: 'loading' })

/** Signs a user in. */
export function signIn(chosen: User): void {
  const others = users.value.known.filter(({ sub }) => sub !== chosen.sub)
  const isKnown = users.value.known.some(({ sub, plan }) => isSame({ sub, plan }, chosen))
  users.value = { known: isKnown ? users.value.known : [...others, chosen], chosen }
  saveUsers(users.value)
}

/** Asks what the user may use, at the start and whenever another one signs in; other tabs' users become known here. */
export function startSession(): void {
  effect(() => {
    client.value
    allowed.value = { kind: 'loading' }
    void askAllowed()
  })
  onUsersChange((known) => {
    const { chosen } = users.peek()
    const isThere = known.some(({ sub }) => sub === chosen.sub)
    users.value = { known: isThere ? known : [...known, chosen], chosen }
  })
  addEventListener('focus', () => void askAllowed())
}

/** Asks what the user may use, as it is now. */
export async function askAllowed(): Promise<void> {
  const asker = user.peek()
  const answer: Allowed = await rulesOf(asker).then(
    (rules) => ({ kind: 'known', rules }),
    (error: unknown) => ({ kind: 'failed', error }),
  )
  const { kind } = allowed.peek()
  // What was known stays while the functions can't be reached.
  if (isSame(asker, user.peek()) && !(answer.kind === 'failed' && kind === 'known')) {
    allowed.value = answer
  }
}

/** Returns what a user may use as it is now, not as it was some minutes ago. */
export function rulesOf(asker: User): Promise<readonly RuleDescription[]> {
  return createOssDirect(optionsOf(asker)).rules()
}

const clients = new Map<string, { plan: User['plan']; client: OssDirect }>()

/** Returns the client of a user; the latest plan counts with which the user has signed in. */
export function clientFor({ sub, plan: given }: User): OssDirect {
  const { plan = given } = users.value.known.find((known) => known.sub === sub) ?? {}
  const kept = clients.get(sub)
  if (kept?.plan === plan) return kept.client
  const made = createOssDirect(optionsOf({ sub, plan }))
  clients.set(sub, { plan, client: made })
  return made
}

// The tokens are those of the local issuer.
function optionsOf({ sub, plan }: User) {
  let token: Promise<string> | undefined
  return {
    baseUrl: location.origin,
    storage: keptFor(sub),
    getToken(reason: 'request' | 'refused') {
      if (reason === 'refused') token = undefined
      token ??= issueToken(sub, plan)
      token.catch(() => {
        token = undefined
      })
      return token
    },
  }
}

async function issueToken(sub: string, plan: User['plan']): Promise<string> {
  const response = await fetch('/local/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sub, claims: { plan } }),
  })
  const answer: { token: string } = await response.json()
  return answer.token
}

function isSame(one: User, other: User): boolean {
  return one.sub === other.sub && one.plan === other.plan
}
