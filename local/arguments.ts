import type { Issue } from '../shared/errors'
import {
  type OptionTypes,
  type ParsedOptions,
  readArguments,
  UsageError,
} from '../tools/command-line'
import { findOptionIssues, type LocalCloudOptions } from './options'
import { readSeed } from './seed'
import { type ReadSettings, readSettings } from './settings'

/**
 * A parsed command line: the options of a cloud with notes to print, or a request for the help or
 * the version.
 */
export type Command = { options: LocalCloudOptions; notes: string[] } | 'help' | 'version'

const OPTIONS = {
  port: { type: 'string' },
  only: { type: 'string' },
  data: { type: 'string' },
  bucket: { type: 'string' },
  rules: { type: 'string' },
  env: { type: 'string' },
  seed: { type: 'string' },
  clock: { type: 'string' },
  host: { type: 'string' },
  'endpoint-hosts': { type: 'string' },
  'callback-hosts': { type: 'string' },
  instances: { type: 'string' },
  quiet: { type: 'boolean' },
  json: { type: 'boolean' },
} as const satisfies OptionTypes

type Name = keyof typeof OPTIONS

// Options that have another name in JavaScript.
const NAMES: Readonly<Record<string, string>> = {
  dataDir: 'data',
  buckets: 'bucket',
  endpointHosts: 'endpoint-hosts',
  callbackHosts: 'callback-hosts',
}

/**
 * Parses a command line and the functions' settings in the environment; throws a `UsageError` for
 * invalid arguments.
 */
export function parseCommand(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): Command {
  const { parsed, issues } = readArguments(argv, OPTIONS)
  if (parsed.help) return 'help'
  if (parsed.version) return 'version'
  const last = (name: Name) => parsed[name]?.at(-1)
  const list = (name: Name) => parsed[name]?.flatMap((value) => value.split(','))
  const seed = tryRead('seed', last('seed'), readSeed)
  const read = tryRead<ReadSettings>('env', last('env') ?? '', (file) =>
    readSettings(environment, file || undefined),
  )
  const { settings = {}, notes = [] } = read.value ?? {}
  const options = {
    port: toNumber(last('port')),
    only: last('only')?.split(','),
    dataDir: last('data'),
    buckets: parsed.bucket,
    rules: last('rules'),
    seed: seed.value,
    clock: last('clock'),
    host: last('host'),
    endpointHosts: list('endpoint-hosts'),
    callbackHosts: list('callback-hosts'),
    instances: toNumber(last('instances')),
    quiet: parsed.quiet && true,
    json: parsed.json && true,
    ...(Object.keys(settings).length > 0 && { settings }),
  }
  const lines = [
    ...[...issues, ...seed.issues, ...read.issues],
    ...findOptionIssues(options).map((issue) => describe(issue, parsed)),
  ]
  if (lines.length > 0) throw new UsageError([...new Set(lines)].join('\n'))
  return { options: options as LocalCloudOptions, notes }
}

// Messages for files that cannot be read.
const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EISDIR: 'is a folder, not a file',
  EACCES: 'is not readable',
}

function toNumber(text: string | undefined): number | string | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : text
}

function tryRead<Value>(
  option: Name,
  file: string | undefined,
  read: (file: string) => Value,
): { value?: Value; issues: string[] } {
  if (file === undefined) return { issues: [] }
  try {
    return { value: read(file), issues: [] }
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    return { issues: [`--${option} ${file}: ${UNREADABLE[code] ?? message}`] }
  }
}

function describe({ path, message }: Issue, parsed: ParsedOptions): string {
  const [name = '', ...rest] = path.split('.')
  if (name === 'seed') {
    return [
      `--seed ${parsed.seed?.at(-1)}:`,
      ...(rest.length > 0 ? [rest.join('.')] : []),
      message,
    ].join(' ')
  }
  const option = NAMES[name] ?? name
  const values = parsed[option]
  const isList = rest.length > 0 && name !== 'only'
  const value = isList
    ? values?.flatMap((text) => text.split(','))[Number(rest[0])]
    : values?.at(-1)
  return `--${option} ${message}, not ${JSON.stringify(value)}`
}
