import { setTimeout as wait } from 'node:timers/promises'
import { Refusal } from '../errors'
import { BoundedMap } from '../memo'
import type { AssumedRole, AssumeRoleInput } from './sts-sdk'

/** Credentials that this returns live longer than this. */
export const RENEW_BEFORE_SECONDS = 300
const MAX_SESSIONS = 1000
const RETRY_AFTER_MS = 200
/** The maximum number of sessions per caller and minute, because all callers share the account's quota. @internal */
export const MAX_OPENED = 20
const OPENED_SECONDS = 60

type Session = { role: Promise<AssumedRole>; expiresAt: number }

/** The sessions of an instance by role, caller, policy and duration, and the number of sessions opened for each caller. */
export type SessionCache = { kept: Map<string, Session>; opened: Map<string, Opened> }

type Opened = { since: number; count: number }

/** Creates an empty cache, one for each instance. */
export function createSessionCache(): SessionCache {
  return { kept: new BoundedMap(MAX_SESSIONS), opened: new BoundedMap(MAX_SESSIONS) }
}

/** A call of AssumeRole that rejects with the errors of the SDK. */
export type StsCall = (input: AssumeRoleInput) => Promise<AssumedRole>

/**
 * Returns STS credentials for this role and session policy, cached until 5 minutes before they expire, with at most one
 * AssumeRole in flight for the same input. Throws `sts_limit`, `sts_refused` or `sts_unavailable`.
 */
export async function assumeRoleOnce(
  input: AssumeRoleInput,
  { sessions, now, call = callSdk }: { sessions: SessionCache; now: number; call?: StsCall },
): Promise<AssumedRole> {
  const { roleArn, roleSessionName, sourceIdentity, durationSeconds, policy } = input
  const key = [roleArn, roleSessionName, sourceIdentity, durationSeconds, policy].join('\n')
  const kept = sessions.kept.get(key)
  if (kept && kept.expiresAt - now > RENEW_BEFORE_SECONDS) return kept.role
  countOpened(sessions.opened, roleSessionName, now)
  const session: Session = { role: assume(input, call), expiresAt: Number.POSITIVE_INFINITY }
  sessions.kept.set(key, session)
  try {
    const role = await session.role
    session.expiresAt = Date.parse(role.expiration) / 1000
    return role
  } catch (error) {
    if (sessions.kept.get(key) === session) sessions.kept.delete(key)
    throw error
  }
}

function countOpened(opened: Map<string, Opened>, caller: string, now: number): void {
  const last = opened.get(caller)
  const current = last && now - last.since < OPENED_SECONDS ? last : { since: now, count: 0 }
  if (current.count >= MAX_OPENED) {
    const retryAfterSeconds = current.since + OPENED_SECONDS - now
    throw new Refusal('sts_limit', { retryAfterSeconds })
  }
  current.count += 1
  opened.set(caller, current)
}

async function assume(input: AssumeRoleInput, call: StsCall): Promise<AssumedRole> {
  try {
    return await call(input)
  } catch (error) {
    if (!isTransient(error)) throw toRefusal(error)
  }
  await wait(RETRY_AFTER_MS)
  return call(input).catch((error: unknown) => {
    throw toRefusal(error)
  })
}

// Loaded on the first call: the SDK takes most of a cold start, and most sessions are cached.
async function callSdk(input: AssumeRoleInput): Promise<AssumedRole> {
  const { assumeRole } = await import('./sts-sdk')
  return assumeRole(input)
}

type SdkError = { name?: unknown; code?: unknown; statusCode?: unknown; requestId?: unknown }

// The connections of a frozen instance may be closed; AssumeRole can safely be sent again.
const DEAD_CONNECTION = ['ECONNRESET', 'EPIPE', 'ECONNABORTED']

function isTransient(error: unknown): boolean {
  const { name, code, statusCode } = error as SdkError
  const isBusy = name === 'ThrottlingError' || Number(statusCode) >= 500
  return isBusy || DEAD_CONNECTION.includes(String(code))
}

// The SDK's message contains the whole URL with role and policy, so only these members are kept.
function toRefusal(error: unknown): Refusal {
  const { name, code, statusCode, requestId } = error as SdkError
  const cause = new Error(
    [name, code, statusCode, requestId].filter((fact) => fact !== undefined).join(' '),
  )
  const refused = Number(statusCode) >= 400 && !isTransient(error)
  return new Refusal(refused ? 'sts_refused' : 'sts_unavailable', {}, { cause })
}
