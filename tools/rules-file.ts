import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Where rules files of other projects find what they import of us, installed or not. */
export const RULES_ALIAS = { 'oss-direct/rules': join(__dirname, '../shared/rules/rules.ts') }

/** The full path of a rules file; throws when there is none. */
export function findRulesFile(file: string): string {
  const path = resolve(file)
  if (existsSync(path)) return path
  throw new Error(`There is no file ${path}. Name the rules with --rules FILE.`)
}
