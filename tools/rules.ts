import { randomUUID } from 'node:crypto'
import type { Caller } from '../shared/auth/caller'
import { type Outcome, reportCaller } from './caller-report'
import { type OptionTypes, type Tool, UsageError, type Values } from './command-line'
import { loadRules } from './load-rules'
import { reportRules, toTable } from './rules-report'
import { outputWidth } from './wrap'

const HELP = `Prints who enforces each limit of each rule: OSS when the request comes, our callback
afterwards, or nobody.

  oss-direct rules [--caller SUB[,CLAIM=VALUE]…] [--json] [--rules FILE] [--bucket NAME]

  --caller SUB    prints what this caller would get: key, session policy, POST policy;
                  claims follow after commas ("\\," is a comma in the subject itself)
  --json          prints JSON; policies as the exact text that is sent
  --rules FILE    the rules; rules.ts by default
  --bucket NAME   the bucket of the rules that name none; your-bucket by default
  --help          prints this; --version the version

Example:
  oss-direct rules --caller alice,plan=pro`

const OPTIONS = {
  caller: { type: 'string' },
  json: { type: 'boolean' },
  rules: { type: 'string', default: 'rules.ts' },
  bucket: { type: 'string', default: 'your-bucket' },
} as const satisfies OptionTypes

/** A caller as the command line names one: `sub,claim=value,…`; values are JSON where they can be. */
export function parseCaller(text: string): Caller {
  const [sub = '', ...claims] = text.split(/(?<!\\),/).map((part) => part.replaceAll('\\,', ','))
  if (sub === '') throw new UsageError('--caller needs a subject')
  return { sub, claims: { sub, ...Object.fromEntries(claims.map(parseClaim)) } }
}

function parseClaim(text: string): [string, unknown] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined) {
    throw new UsageError(`"${text}" is no claim: write it as name=value`)
  }
  return [name, parseValue(value)]
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON, so it is the text itself.
    return text
  }
}

function describeOutcome(outcome: Outcome): string {
  const head = `${outcome.rule}, ${outcome.asks} by ${outcome.by}`
  if ('refused' in outcome) return `${head}: refused. ${outcome.refused}`
  const lines = Object.entries(outcome.granted).map(([name, value]) => {
    return `  ${name}  ${toReadable(value).replaceAll('\n', '\n  ')}`
  })
  return [`${head}:`, ...lines].join('\n')
}

// Policies are texts of JSON.
function toReadable(value: unknown): string {
  const parsed = typeof value === 'string' && value.startsWith('{') ? parseValue(value) : value
  return typeof parsed === 'string' ? parsed : JSON.stringify(parsed, null, 2)
}

async function printRules(values: Values): Promise<void> {
  const { rules: file = '', bucket = '', caller, json } = values
  const rules = await loadRules(file)
  const isJson = json !== undefined
  if (caller === undefined) {
    const report = reportRules(rules)
    return console.log(isJson ? JSON.stringify(report, null, 2) : toTable(report, outputWidth()))
  }
  const now = Math.floor(Date.now() / 1000)
  const context = { rules, bucket, now, uuid: randomUUID }
  const outcomes = await reportCaller(parseCaller(caller), context)
  const text = outcomes.map(describeOutcome).join('\n\n')
  console.log(isJson ? JSON.stringify(outcomes, null, 2) : text)
}

/** The command `oss-direct rules`. */
export const command: Tool = { help: HELP, options: OPTIONS, run: printRules }
