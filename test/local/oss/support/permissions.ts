import type { PolicyDocument, PolicyStatement } from '../../../../local/ram/types'
import { allow, ask, type Reply, shareCloud } from './cloud'
import type { Signer } from './sign'

export const ALL = allow(['oss:*'], ['*'])

// The refusals of a session policy, of a policy's Deny and of an ACL.
export const SESSION = [
  403,
  'AccessDenied',
  '0003-00000301',
  "Access denied by authorizer's policy.",
]
export const POLICY = [403, 'AccessDenied', '0003-00000201', 'Access denied by bucket policy.']
export const ACL = [
  403,
  'AccessDenied',
  '0003-00000001',
  'You have no right to access this object because of bucket acl.',
]

/** Shares one OSS among the tests of a file, with four objects that contain their keys. */
export function shareObjects() {
  const cloud = shareCloud()
  beforeAll(async () => {
    for (const key of ['mine/a', 'yours/a', 'open', 'closed']) {
      await ask(cloud(), { method: 'PUT', key }, key)
    }
  })
  const get = (key: string, signer: Signer, query: Record<string, string> = {}) =>
    ask(cloud(), { method: 'GET', key, query }, '', signer)
  return { cloud, get }
}

/** Returns a policy that allows everything except this. */
export function deny(
  Action: string,
  Resource: string,
  more: Partial<PolicyStatement> = {},
): PolicyDocument {
  return {
    Version: '1',
    Statement: [
      { Effect: 'Allow', Action: 'oss:*', Resource: '*' },
      { Effect: 'Deny', Action, Resource, ...more },
    ],
  }
}

/** Returns status, code, EC and message of a response. */
export function outcome({ status, code, ec, message }: Reply) {
  return [status, code, ec, message]
}
