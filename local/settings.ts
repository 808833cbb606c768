import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { SETTING_NAMES } from '../shared/env/variables'

const NAMES: readonly string[] = SETTING_NAMES

type Variables = Readonly<Record<string, string | undefined>>

/** Settings of the functions, and notes on those that were ignored. */
export type ReadSettings = { settings: Record<string, string>; notes: string[] }

// Addresses and keys, which the local cloud creates at each start.
const FIXED: ReadonlySet<string> = new Set([
  ...['OSS_BUCKET', 'OSS_REGION', 'OSS_ENDPOINT', 'OSS_INTERNAL_ENDPOINT', 'OSS_ADDRESSING'],
  ...['AUTH_ISSUER', 'AUTH_AUDIENCE', 'AUTH_ALGORITHMS', 'AUTH_JWKS_URL'],
  ...['AUTH_SECRET', 'AUTH_PUBLIC_KEY', 'AUTH_TOKEN_TYPE', 'AUTH_ISSUERS', 'TICKET_SECRETS'],
  ...['CALLBACK_URL', 'CALLBACK_KEY_URL', 'CALLBACK_KEY'],
  ...['STS_ENDPOINT', 'STS_ROLE_ARN', 'EVENT_ENDPOINT'],
])

/**
 * Returns the functions' settings in a file, which override those in the environment; settings of
 * the local cloud are ignored with a note.
 */
export function readSettings(environment: Variables, file?: string): ReadSettings {
  const inFile = file === undefined ? {} : parseEnv(readFileSync(file, 'utf8'))
  const settings: Record<string, string> = {}
  const notes = Object.keys(inFile)
    .filter((name) => !NAMES.includes(name))
    .map((name) => `${name} in ${file} is ignored: it is not a setting of the functions`)
  for (const [where, variables] of [
    ['in the environment', environment],
    [`in ${file}`, inFile],
  ] as const) {
    for (const name of SETTING_NAMES) {
      const value = variables[name]
      if (!value) continue
      if (FIXED.has(name)) notes.push(`${name} ${where} is ignored: the local cloud sets it`)
      else settings[name] = value
    }
  }
  return { settings, notes }
}
