import * as v from 'valibot'
import { readIssuers } from '../auth/issuers'
import { describeIssue } from '../schema/issues'
import { findConflicts } from './conflicts'
import { type FunctionName, hideUnread, variablesOf } from './function-settings'
import { type Settings, toSettings } from './to-settings'
import { SETTING_NAMES, SETTINGS, type Values } from './variables'

type Source = Readonly<Record<string, string | undefined>>

/**
 * Parses the settings in these environment variables: those of this function, or all; throws one error that lists every
 * issue. A setting that is not listed for the function throws when it is read.
 */
export function parseSettings(environment: Source, name?: FunctionName): Settings {
  const names: readonly string[] = name === undefined ? SETTING_NAMES : variablesOf(name)
  const variables: Source = Object.fromEntries(
    names.map((each) => [each, environment[each] || undefined]),
  )
  const parsed = v.safeParse(pick(names), variables, { message: describeIssue })
  const { issuers, issues: issuerIssues } = names.includes('AUTH_ISSUER')
    ? readIssuers(variables)
    : { issuers: [], issues: [] }
  const issues = [
    ...(parsed.issues ?? []).map(toIssue),
    ...issuerIssues,
    ...findConflicts(variables, issuers),
  ]
  if (!parsed.success || issues.length > 0) {
    throw new Error(`The settings are wrong:\n${issues.map((issue) => `  ${issue}`).join('\n')}`)
  }
  const settings = toSettings(parsed.output as Values, issuers)
  return name === undefined ? settings : hideUnread(settings, name)
}

function toIssue({ path, message }: v.BaseIssue<unknown>): string {
  return `${String(path?.[0].key)}: ${message}`
}

function pick(names: readonly string[]) {
  const entries = Object.entries(SETTINGS.entries)
  return v.object(Object.fromEntries(entries.filter(([name]) => names.includes(name))))
}
