import { onOtherTab } from './storage'

/** A user of the page: the name and plan that the local token issuer writes into a token. */
export interface User {
  sub: string
  plan: 'free' | 'pro'
}

/** The users that have signed in on this browser, and the latest. */
export interface Users {
  known: readonly User[]
  chosen: User
}

const USERS = 'oss-direct:users'
const ALICE: User = { sub: 'alice', plan: 'pro' }
const FIRST_USERS: Users = { known: [ALICE, { sub: 'bob', plan: 'free' }], chosen: ALICE }

/** Loads the users that have signed in on this browser; initially two are known. */
export function loadUsers(): Users {
  try {
    return toUsers(JSON.parse(localStorage.getItem(USERS) ?? ''))
  } catch {
    // Nothing is stored, or another version of this page stored it.
    return FIRST_USERS
  }
}

/** Stores the users. */
export function saveUsers(users: Users): void {
  localStorage.setItem(USERS, JSON.stringify(users))
}

/** Calls the listener with the known users when another tab has signed one in. */
export function onUsersChange(listener: (known: readonly User[]) => void): void {
  onOtherTab(USERS, () => listener(loadUsers().known))
}

function toUsers({ known, chosen }: { known: unknown[]; chosen: unknown }): Users {
  return { known: known.map(toUser), chosen: toUser(chosen) }
}

function toUser(stored: unknown): User {
  const { sub, plan } = stored as Partial<User>
  if (typeof sub !== 'string' || sub === '') throw new Error('A user must have a name')
  return { sub, plan: plan === 'pro' ? 'pro' : 'free' }
}
