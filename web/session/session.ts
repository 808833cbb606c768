import { computed, signal } from '@preact/signals'
import { createOssDirect } from '../../client'
import { loadUsers, saveUsers, type User } from './users'

/** The users that this browser knows, and the one who is signed in. */
export const users = signal(loadUsers())

/** The user who is signed in. */
export const user = computed(() => users.value.chosen)

/** The client of the user who is signed in; another user has another client. */
export const client = computed(() => clientOf(user.value))

/** Signs a user in. */
export function signIn(chosen: User): void {
  const others = users.value.known.filter(({ sub }) => sub !== chosen.sub)
  users.value = { known: [...others, chosen], chosen }
  saveUsers(users.value)
}

/** Creates a client of one user, with the tokens of the local issuer. */
function clientOf({ sub, plan }: User) {
  let token: Promise<string> | undefined
  return createOssDirect({
    baseUrl: location.origin,
    getToken(reason) {
      if (reason === 'refused') token = undefined
      token ??= issueToken(sub, plan)
      token.catch(() => {
        token = undefined
      })
      return token
    },
  })
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
