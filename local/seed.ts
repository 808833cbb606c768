import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import type { Issue } from '../shared/errors'
import { describeIssue, toIssues } from '../shared/schema/issues'
import { integer, strictObject } from '../shared/schema/schema'
import { type AccountSeed, findConflicts } from './ram/account'
import { isPolicy } from './ram/policy'

const text = v.pipe(v.string(), v.minLength(1))
const policies = v.array(v.pipe(v.unknown(), v.check(isPolicy, 'is not a policy in RAM’s grammar')))
const key = { accessKeyId: text, accessKeySecret: text }

const SEED = strictObject({
  id: v.optional(v.pipe(v.string(), v.regex(/^\d{16}$/, 'must have 16 digits'))),
  root: v.optional(strictObject(key)),
  users: v.optional(
    v.array(strictObject({ ...key, name: text, policies, inactive: v.optional(v.boolean()) })),
  ),
  roles: v.optional(
    v.array(
      strictObject({
        name: v.pipe(
          v.string(),
          v.regex(/^[A-Za-z0-9.-]{1,64}$/, 'must be 1 to 64 of A-Z a-z 0-9 . -'),
        ),
        trusts: v.array(text),
        policies,
        externalId: v.optional(text),
        maxSessionSeconds: v.optional(integer(3600, 43_200)),
      }),
    ),
  ),
})

/** Returns the issues of a seed. */
export function findSeedIssues(value: unknown): Issue[] {
  const { typed, issues } = v.safeParse(SEED, value, { message: describeIssue })
  return [...toIssues(issues), ...(typed ? findConflicts(value as AccountSeed) : [])]
}

/** Returns the unparsed content of a seed file; throws if it cannot be read or is not JSON. */
export function readSeed(file: string): unknown {
  const content = readFileSync(file, 'utf8')
  try {
    return JSON.parse(content)
  } catch (error) {
    throw new Error(`is not JSON: ${(error as Error).message}`)
  }
}
