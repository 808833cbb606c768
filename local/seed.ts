import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import type { Fault } from '../shared/errors'
import { exact, whole } from '../shared/schema'
import { findFaults, InputError } from './input'
import type { AccountSeed } from './ram/account'
import { isPolicy } from './ram/policy'
import type { PolicyDocument } from './ram/types'

const text = v.pipe(v.string(), v.minLength(1))
const policies = v.array(v.custom<PolicyDocument>(isPolicy, 'is not a policy by RAM’s grammar'))
const key = { accessKeyId: text, accessKeySecret: text }

const SEED = exact({
  id: v.optional(v.pipe(v.string(), v.regex(/^\d{16}$/, 'must have 16 digits'))),
  root: v.optional(exact(key)),
  users: v.optional(
    v.array(exact({ ...key, name: text, policies, inactive: v.optional(v.boolean()) })),
  ),
  roles: v.optional(
    v.array(
      exact({
        name: v.pipe(
          v.string(),
          v.regex(/^[A-Za-z0-9.-]{1,64}$/, 'must be 1 to 64 of A-Z a-z 0-9 . -'),
        ),
        trusts: v.array(text),
        policies,
        externalId: v.optional(text),
        maxSessionSeconds: v.optional(whole(3600, 43_200)),
      }),
    ),
  ),
})

/** The account in this seed file; throws one error that lists every fault. */
export function readSeed(file: string): AccountSeed {
  return parseSeed(parseJson(file))
}

/** The account in this value; throws one error that lists every fault. */
export function parseSeed(value: unknown): AccountSeed {
  const faults = findSeedFaults(value)
  if (faults.length > 0) throw new InputError('The seed is', faults)
  return value as AccountSeed
}

/** What keeps this value from being a seed. */
export function findSeedFaults(value: unknown): Fault[] {
  return findFaults(SEED, value)
}

function parseJson(file: string): unknown {
  const content = readFileSync(file, 'utf8')
  try {
    return JSON.parse(content)
  } catch (error) {
    throw new Error(`The seed ${file} is not JSON: ${(error as Error).message}`)
  }
}
