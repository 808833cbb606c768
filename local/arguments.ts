import { parseArgs } from 'node:util'
import type { Issue } from '../shared/errors'
import { findOptionIssues, type LocalCloudOptions } from './options'
import { readSeed } from './seed'

/** What a command line says: a cloud with these options, or its help. */
export type Command = LocalCloudOptions | 'help'

/** A command line that can't be understood; the message says why, a line for each issue. */
export class UsageError extends Error {}

const OPTIONS = {
  port: { type: 'string' },
  only: { type: 'string' },
  data: { type: 'string' },
  bucket: { type: 'string' },
  rules: { type: 'string' },
  seed: { type: 'string' },
  clock: { type: 'string' },
  host: { type: 'string' },
  quiet: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

type Name = keyof typeof OPTIONS
type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number]

/** What each option was given, in its order; `''` for one that takes no value. */
type Given = { [name in Name]?: string[] }

// Options that have another name in JavaScript.
const NAMES: Readonly<Record<string, string>> = { dataDir: 'data', buckets: 'bucket' }

/** The command in these arguments; throws a `UsageError` where there is none. */
export function parseCommand(argv: readonly string[]): Command {
  const { given, issues } = readTokens(argv)
  if (given.help) return 'help'
  const last = (name: Name) => given[name]?.at(-1)
  const seed = tryReadSeed(last('seed'))
  const options = {
    port: toNumber(last('port')),
    only: last('only')?.split(','),
    dataDir: last('data'),
    buckets: given.bucket,
    rules: last('rules'),
    seed: seed.value,
    clock: last('clock'),
    host: last('host'),
    quiet: given.quiet && true,
    json: given.json && true,
  }
  const lines = [
    ...issues,
    ...seed.issues,
    ...findOptionIssues(options).map((issue) => describe(issue, given)),
  ]
  if (lines.length > 0) throw new UsageError([...new Set(lines)].join('\n'))
  return options as LocalCloudOptions
}

// In strict mode `parseArgs` would report the first issue alone.
function readTokens(argv: readonly string[]): { given: Given; issues: string[] } {
  const loose = { strict: false, allowPositionals: true, tokens: true } as const
  const { tokens } = parseArgs({ args: [...argv], options: OPTIONS, ...loose })
  const given: Given = {}
  const issues: string[] = []
  for (const token of tokens) {
    const issue = findIssue(token)
    if (issue !== undefined) issues.push(issue)
    else if (token.kind === 'option' && isName(token.name)) {
      given[token.name] = [...(given[token.name] ?? []), token.value ?? '']
    }
  }
  return { given, issues }
}

function findIssue(token: Token): string | undefined {
  if (token.kind === 'option-terminator') return undefined
  if (token.kind === 'positional') return `${JSON.stringify(token.value)} is not an option`
  const { name, rawName, value, inlineValue } = token
  if (!isName(name)) return `${rawName} is not an option`
  const isFlag = OPTIONS[name].type === 'boolean'
  if (isFlag) return value === undefined ? undefined : `${rawName} takes no value`
  const isMissing = value === undefined || (!inlineValue && value.startsWith('-'))
  return isMissing ? `${rawName} must have a value` : undefined
}

function isName(name: string): name is Name {
  return Object.hasOwn(OPTIONS, name)
}

function toNumber(text: string | undefined): number | string | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : text
}

function tryReadSeed(file: string | undefined): { value?: unknown; issues: string[] } {
  if (file === undefined) return { issues: [] }
  try {
    return { value: readSeed(file), issues: [] }
  } catch (error) {
    return { issues: [`--seed ${file}: ${(error as Error).message}`] }
  }
}

function describe({ path, message }: Issue, given: Given): string {
  const [name = '', ...rest] = path.split('.')
  if (name === 'seed') {
    return [
      `--seed ${given.seed?.at(-1)}:`,
      ...(rest.length > 0 ? [rest.join('.')] : []),
      message,
    ].join(' ')
  }
  const option = NAMES[name] ?? name
  const values = isName(option) ? given[option] : undefined
  const value = name === 'buckets' ? values?.[Number(rest[0])] : values?.at(-1)
  return `--${option} ${message}, not ${JSON.stringify(value)}`
}
