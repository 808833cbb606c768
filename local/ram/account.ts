import { randomBytes } from 'node:crypto'
import { isPolicy } from './policy'
import type { AccessKey, Account, PolicyDocument, Role } from './types'

type KeySeed = { accessKeyId: string; accessKeySecret: string }
type UserSeed = KeySeed & {
  name: string
  policies: PolicyDocument[]
  inactive?: boolean
}
export type RoleSeed = {
  name: string
  /**
   * Principal ARNs or services; `root`, `user/<name>` or a role's name for principals of this
   * account.
   */
  trusts: string[]
  policies: PolicyDocument[]
  externalId?: string
  maxSessionSeconds?: number
}

/** The initial content of the local account; everything has a default. */
export type AccountSeed = {
  id?: string
  root?: KeySeed
  users?: UserSeed[]
  roles?: RoleSeed[]
}

/**
 * The default seed. Its keys are public: the local cloud listens on loopback, and they give access
 * to nothing else.
 * @internal
 */
export const DEFAULT_SEED = {
  id: '1234567890123456',
  root: { accessKeyId: 'local-root-key', accessKeySecret: 'local-root-secret' },
  users: [
    {
      name: 'developer',
      accessKeyId: 'local-user-key',
      accessKeySecret: 'local-user-secret',
      policies: [allow('oss:*', '*'), allow('sts:AssumeRole', '*')],
    },
  ],
  roles: [{ name: 'local-role', trusts: ['root'], policies: [allow('oss:*', '*')] }],
} satisfies Required<AccountSeed>

/** Creates an account with its keys and roles; throws if RAM would not accept the seed. */
export function createAccount(seed: AccountSeed = {}): Account {
  const { id, root, users, roles } = withDefaults(seed)
  if (!/^\d{16}$/.test(id)) throw new Error(`The account id ${id} must have 16 digits`)
  const account: Account = {
    id,
    keys: [{ ...root, user: { name: 'root', root: true } }, ...users.map(toAccessKey)],
    roles: [],
    tokenKey: randomBytes(32),
  }
  const [conflict] = findConflicts(seed)
  if (conflict) throw new Error(`${conflict.path} ${conflict.message}`)
  for (const role of roles) addRole(account, role)
  return account
}

/**
 * Returns the duplicate names and key ids of a seed and those that RAM reserves, each with its
 * path.
 */
export function findConflicts(seed: AccountSeed): { path: string; message: string }[] {
  const { root, users, roles } = withDefaults(seed)
  const keys = [
    { path: 'root.accessKeyId', name: root.accessKeyId },
    ...users.map((user, index) => ({
      path: `users.${index}.accessKeyId`,
      name: user.accessKeyId,
    })),
  ]
  return [
    ...findDuplicates(keys),
    ...keys
      .filter(({ name }) => name.startsWith('STS.'))
      .map(({ path }) => ({
        path,
        message: 'must not begin with STS., which is reserved for sessions',
      })),
    ...findDuplicates(users.map(({ name }, index) => ({ path: `users.${index}.name`, name }))),
    ...findDuplicates(
      roles.map(({ name }, index) => ({ path: `roles.${index}.name`, name: name.toLowerCase() })),
    ),
  ]
}

/**
 * Adds a role, or replaces the one of the same name, and returns it; throws if its name or a policy
 * is invalid.
 */
export function addRole(account: Account, seed: RoleSeed): Role {
  // In ARNs RAM writes role names in lower case.
  const name = seed.name.toLowerCase()
  if (!/^[a-z0-9.-]{1,64}$/.test(name)) throw new Error(`"${seed.name}" is not a valid role name`)
  checkPolicies(`role ${name}`, seed.policies)
  const role: Role = {
    name,
    arn: roleArn(account.id, name),
    trusts: seed.trusts.map((trust) => toTrust(account.id, trust)),
    policies: seed.policies,
    maxSessionSeconds: seed.maxSessionSeconds ?? 3600,
  }
  if (seed.externalId !== undefined) role.externalId = seed.externalId
  account.roles = [...account.roles.filter((other) => other.name !== name), role]
  return role
}

/** Returns the ARN of a role (RAM: identifiers). */
export function roleArn(accountId: string, name: string): string {
  return `acs:ram::${accountId}:role/${name.toLowerCase()}`
}

function toTrust(accountId: string, trust: string): string {
  if (trust === 'root' || trust.startsWith('user/')) return `acs:ram::${accountId}:${trust}`
  if (trust.endsWith('.aliyuncs.com')) return trust
  if (!trust.startsWith('acs:')) return roleArn(accountId, trust)
  return trust.replace(/:role\/.*$/, (role) => role.toLowerCase())
}

function toAccessKey({ name, policies, ...key }: UserSeed): AccessKey {
  checkPolicies(`user ${name}`, policies)
  return { ...key, user: { name, root: false, policies } }
}

function withDefaults(seed: AccountSeed): Required<AccountSeed> {
  const { id, root, users, roles } = DEFAULT_SEED
  return {
    id: seed.id ?? id,
    root: seed.root ?? root,
    users: seed.users ?? users,
    roles: seed.roles ?? roles,
  }
}

function findDuplicates(entries: readonly { path: string; name: string }[]) {
  const names = entries.map(({ name }) => name)
  return entries
    .filter(({ name }, index) => names.indexOf(name) < index)
    .map(({ path, name }) => ({ path, message: `is ${name}, which is listed more than once` }))
}

function checkPolicies(owner: string, policies: readonly PolicyDocument[]): void {
  if (!policies.every(isPolicy))
    throw new Error(`A policy of ${owner} is not valid in RAM's grammar`)
}

function allow(action: string, resource: string): PolicyDocument {
  return { Version: '1', Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] }
}
