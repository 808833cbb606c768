import { principalArn } from '../ram/principal'
import type { Account, Principal } from '../ram/types'
import type { StsRequest } from './request'
import type { Fields } from './response-body'

const TYPES = { root: 'Account', user: 'RAMUser', session: 'AssumedRoleUser' } as const

/** Returns whose key signed a request, which needs no right (STS: GetCallerIdentity). */
export function getCallerIdentity(
  _request: StsRequest,
  { account, caller }: { account: Account; caller: Principal },
): Fields {
  const arn = principalArn(account, caller)
  const Arn = caller.kind === 'session' ? `${arn}/${caller.sessionName}` : arn
  return { AccountId: account.id, Arn, IdentityType: TYPES[caller.kind] }
}
