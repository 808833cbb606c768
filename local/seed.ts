import { readFileSync } from 'node:fs'
import * as z from 'zod/mini'
import { describeIssue, toFaults } from '../shared/policy/faults'
import type { AccountSeed } from './ram/account'
import { isPolicy } from './ram/policy'
import type { PolicyDocument } from './ram/types'

const text = z.string().check(z.minLength(1))
const policies = z.array(
  z.custom<PolicyDocument>(isPolicy, { error: 'is not a policy by RAM’s grammar' }),
)
const key = { accessKeyId: text, accessKeySecret: text }

const SEED = z.strictObject({
  id: z.optional(z.string().check(z.regex(/^\d{16}$/, 'must have 16 digits'))),
  root: z.optional(z.strictObject(key)),
  users: z.optional(
    z.array(z.strictObject({ ...key, name: text, policies, inactive: z.optional(z.boolean()) })),
  ),
  roles: z.optional(
    z.array(
      z.strictObject({
        name: z
          .string()
          .check(z.regex(/^[A-Za-z0-9.-]{1,64}$/, 'must be 1 to 64 of A-Z a-z 0-9 . -')),
        trusts: z.array(text),
        policies,
        externalId: z.optional(text),
        maxSessionSeconds: z.optional(z.int().check(z.gte(3600), z.lte(43_200))),
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
  const parsed = SEED.safeParse(value, { error: describeIssue })
  // Absent and undefined are the same in a JSON file.
  if (parsed.success) return parsed.data as AccountSeed
  const lines = toFaults(parsed.error.issues).map(
    ({ path, message }) => `  ${path || 'the whole'}: ${message}`,
  )
  throw new Error(`The seed is wrong:\n${lines.join('\n')}`)
}

function parseJson(file: string): unknown {
  const content = readFileSync(file, 'utf8')
  try {
    return JSON.parse(content)
  } catch (error) {
    throw new Error(`The seed ${file} is not JSON: ${(error as Error).message}`)
  }
}
