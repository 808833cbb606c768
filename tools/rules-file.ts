import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

/** The full path of a rules file; throws when there is none. */
export function findRulesFile(file: string): string {
  const path = resolve(file)
  if (existsSync(path)) return path
  throw new Error(`There is no file ${path}. Name the rules with --rules FILE.`)
}
