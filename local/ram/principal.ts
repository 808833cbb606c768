import { openSession } from './session'
import type { Account, Principal } from './types'

/** The reason why credentials identify no principal. */
export type CredentialIssue =
  | 'unknown_key'
  | 'token_missing'
  | 'token_unexpected'
  | 'token_invalid'
  | 'token_foreign'
  | 'token_expired'

export type Identity =
  | { ok: true; principal: Principal; accessKeySecret: string }
  | { ok: false; issue: CredentialIssue }

/**
 * Returns the principal of credentials and the secret that must have made their signature, or the
 * reason why there is none.
 */
export function identify(
  account: Account,
  credentials: { accessKeyId: string; securityToken?: string | undefined; now: number },
): Identity {
  const { accessKeyId, securityToken, now } = credentials
  if (!accessKeyId.startsWith('STS.')) return identifyKey(account, accessKeyId, securityToken)
  if (securityToken === undefined) return { ok: false, issue: 'token_missing' }
  const session = openSession(account, securityToken)
  if (!session) return { ok: false, issue: 'token_invalid' }
  if (session.accessKeyId !== accessKeyId) return { ok: false, issue: 'token_foreign' }
  if (session.expiresAt <= now) return { ok: false, issue: 'token_expired' }
  const { accessKeySecret, role, sessionName, sessionPolicy, sourceIdentity } = session
  const principal: Principal = { kind: 'session', id: account.id, accessKeyId, role, sessionName }
  if (sessionPolicy) principal.sessionPolicy = sessionPolicy
  if (sourceIdentity !== undefined) principal.sourceIdentity = sourceIdentity
  return { ok: true, principal, accessKeySecret }
}

/** Returns the principal's ARN as trust policies name it. */
export function principalArn(account: Account, principal: Principal): string {
  if (principal.kind === 'root') return `acs:ram::${account.id}:root`
  if (principal.kind === 'session') return principal.role.arn
  const key = account.keys.find(({ accessKeyId }) => accessKeyId === principal.accessKeyId)
  return `acs:ram::${account.id}:user/${key?.user.name ?? ''}`
}

function identifyKey(account: Account, accessKeyId: string, securityToken?: string): Identity {
  const key = account.keys.find((candidate) => candidate.accessKeyId === accessKeyId)
  if (!key || key.inactive) return { ok: false, issue: 'unknown_key' }
  if (securityToken !== undefined) return { ok: false, issue: 'token_unexpected' }
  const { accessKeySecret, user } = key
  const principal: Principal = user.root
    ? { kind: 'root', id: account.id, accessKeyId }
    : { kind: 'user', id: account.id, accessKeyId, policies: user.policies }
  return { ok: true, principal, accessKeySecret }
}
