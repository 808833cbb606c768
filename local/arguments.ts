import { parseArgs } from 'node:util'
import type { Issue } from '../shared/errors'
import { findOptionFaults, type LocalCloudOptions } from './options'
import { readSeed } from './seed'

/** What the command was asked: a cloud with these options, or its help. */
export type Command = LocalCloudOptions | 'help'

/** A command line that can't be understood; the message says why, a line for each fault. */
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
  const { given, faults } = readTokens(argv)
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
    ...faults,
    ...seed.faults,
    ...findOptionFaults(options).map((fault) => describe(fault, given)),
  ]
  if (lines.length > 0) throw new UsageError([...new Set(lines)].join('\n'))
  return options as LocalCloudOptions
}

// Strict, `parseArgs` would tell of the first fault alone.
function readTokens(argv: readonly string[]): { given: Given; faults: string[] } {
  const loose = { strict: false, allowPositionals: true, tokens: true } as const
  const { tokens } = parseArgs({ args: [...argv], options: OPTIONS, ...loose })
  const given: Given = {}
  const faults: string[] = []
  for (const token of tokens) {
    const fault = findFault(token)
    if (fault !== undefined) faults.push(fault)
    else if (token.kind === 'option' && isName(token.name)) {
      given[token.name] = [...(given[token.name] ?? []), token.value ?? '']
    }
  }
  return { given, faults }
}

function findFault(token: Token): string | undefined {
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

function tryReadSeed(file: string | undefined): { value?: unknown; faults: string[] } {
  if (file === undefined) return { faults: [] }
  try {
    return { value: readSeed(file), faults: [] }
  } catch (error) {
    return { faults: [`--seed ${file}: ${(error as Error).message}`] }
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
