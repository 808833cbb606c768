import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { SETTING_NAMES } from '../shared/env/variables'

const NAMES: readonly string[] = SETTING_NAMES

type Variables = Readonly<Record<string, string | undefined>>

/** Settings of the functions, and notes on those that were ignored. */
export type ReadSettings = { settings: Record<string, string>; notes: string[] }

// The issuer of the callers' tokens: a file may replace the local one, with all of its settings.
const ISSUER = NAMES.filter((name) => name.startsWith('AUTH_'))

// Addresses and keys, which the local cloud creates at each start.
const FIXED: ReadonlySet<string> = new Set([
  ...['OSS_BUCKET', 'OSS_REGION', 'OSS_ENDPOINT', 'OSS_INTERNAL_ENDPOINT', 'OSS_ADDRESSING'],
  ...ISSUER,
  ...['TICKET_SECRETS', 'CALLBACK_URL', 'CALLBACK_KEY_URL', 'CALLBACK_KEY'],
  ...['STS_ENDPOINT', 'STS_ROLE_ARN', 'EVENT_ENDPOINT'],
])

/**
 * Returns the functions' settings in a file, which override those in the environment; settings of
 * the local cloud are ignored with a note, except for an issuer of tokens in the file.
 */
export function readSettings(environment: Variables, file?: string): ReadSettings {
  const inFile = file === undefined ? {} : parseEnv(readFileSync(file, 'utf8'))
  const hasIssuer = ISSUER.some((name) => inFile[name])
  const settings: Record<string, string> = hasIssuer
    ? Object.fromEntries(ISSUER.map((name) => [name, inFile[name] ?? '']))
    : {}
  const notes = Object.keys(inFile)
    .filter((name) => !NAMES.includes(name))
    .map((name) => `${name} in ${file} is ignored: it is not a setting of the functions`)
  for (const [where, variables] of [
    ['in the environment', environment],
    [`in ${file}`, inFile],
  ] as const) {
    for (const name of SETTING_NAMES) {
      const value = variables[name]
      if (!value || (variables === inFile && ISSUER.includes(name))) continue
      if (FIXED.has(name)) notes.push(`${name} ${where} is ignored: the local cloud sets it`)
      else settings[name] = value
    }
  }
  return { settings, notes }
}
