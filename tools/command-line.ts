import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

/** The error for an invalid command line; its message has one line per issue. */
export class UsageError extends Error {}

/** The options of a command, by name. */
export type OptionTypes = Readonly<
  Record<string, { type: 'string' | 'boolean'; short?: string; default?: string }>
>

/** The values of each option in order; `''` for one without a value. */
export type ParsedOptions = Readonly<Record<string, readonly string[] | undefined>>

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number]

const COMMON_OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const satisfies OptionTypes

const MAX_TYPOS = 2

/**
 * Parses arguments; `help` and `version` are always options. Words that belong to no option are operands, as many as
 * `maxOperands`.
 */
export function readArguments(
  argv: readonly string[],
  options: OptionTypes,
  maxOperands = 0,
): { parsed: ParsedOptions; operands: string[]; issues: string[] } {
  const types: OptionTypes = { ...COMMON_OPTIONS, ...options }
  const parsed: Record<string, string[]> = {}
  const operands: string[] = []
  const issues: string[] = []
  // In strict mode `parseArgs` reports only the first issue.
  const loose = { strict: false, allowPositionals: true, tokens: true } as const
  const { tokens } = parseArgs({ args: [...argv], options: types, ...loose })
  for (const token of tokens) {
    if (token.kind === 'positional' && operands.length < maxOperands) {
      operands.push(token.value)
      continue
    }
    const issue = findIssue(token, types)
    if (issue !== undefined) issues.push(issue)
    else if (token.kind === 'option') {
      parsed[token.name] = [...(parsed[token.name] ?? []), token.value ?? '']
    }
  }
  return { parsed, operands, issues }
}

function findIssue(token: Token, types: OptionTypes): string | undefined {
  if (token.kind === 'option-terminator') return undefined
  if (token.kind === 'positional') return `${JSON.stringify(token.value)} is not an option`
  const { name, rawName, value, inlineValue } = token
  const type = Object.hasOwn(types, name) ? types[name]?.type : undefined
  if (type === undefined) {
    return `${rawName} is not an option${suggest(name, Object.keys(types), '--')}`
  }
  if (type === 'boolean') return value === undefined ? undefined : `${rawName} takes no value`
  const isMissing = value === undefined || (!inlineValue && value.startsWith('-'))
  return isMissing ? `${rawName} must have a value` : undefined
}

/** Returns `: did you mean …?` if one of the words is similar, `''` otherwise. */
export function suggest(word: string, words: readonly string[], prefix = ''): string {
  const [best] = words
    .map((candidate) => ({ candidate, typos: countTypos(word, candidate) }))
    .filter(({ candidate, typos }) => typos <= MAX_TYPOS && typos < candidate.length / 2)
    .sort((left, right) => left.typos - right.typos)
  return best ? `: did you mean ${prefix}${best.candidate}?` : ''
}

// Counts added, missing, wrong and swapped letters (Damerau-Levenshtein distance).
function countTypos(left: string, right: string): number {
  let before: number[] = []
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i++) {
    const next = [i]
    for (let j = 1; j <= right.length; j++) {
      const isSame = left[i - 1] === right[j - 1]
      const isSwapped = left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]
      next.push(
        Math.min(
          at(row, j - 1) + (isSame ? 0 : 1),
          at(row, j) + 1,
          at(next, j - 1) + 1,
          isSwapped ? at(before, j - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
    before = row
    row = next
  }
  return at(row, right.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}

/** Returns the version of this package. */
export function packageVersion(): string {
  return JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')).version
}

/** The last value of each option, or its default; `''` for one without a value. */
export type Values = Readonly<Record<string, string | undefined>>

/** A command: its help text, its options and its function. */
export type Tool = {
  help: string
  options?: OptionTypes
  /** The maximum number of words beside the options; none when absent. */
  maxOperands?: number
  /** Resolves to the exit status; 0 for any other value than a number. */
  run: (values: Values, operands: readonly string[]) => Promise<unknown>
}

/** Runs a command and resolves to its exit status: 2 for invalid arguments, 1 for a failure. */
export async function runTool(argv: readonly string[], tool: Tool): Promise<number> {
  const { help, options = {}, maxOperands, run } = tool
  try {
    const { parsed, operands, issues } = readArguments(argv, options, maxOperands)
    if (parsed.help) return print(help)
    if (parsed.version) return print(packageVersion())
    if (issues.length > 0) throw new UsageError(issues.join('\n'))
    const values = Object.entries(options).map(([name, { default: fallback }]) => [
      name,
      parsed[name]?.at(-1) ?? fallback,
    ])
    const status = await run(Object.fromEntries(values), operands)
    return typeof status === 'number' ? status : 0
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const isUsage = error instanceof UsageError
    console.error(isUsage ? `${message}\nTry --help.` : message)
    return isUsage ? 2 : 1
  }
}

/** Runs a command with the arguments of this process, and sets its exit status. */
export function startTool(tool: Tool): void {
  void runTool(process.argv.slice(2), tool).then((status) => {
    process.exitCode = status
  })
}

function print(text: string): number {
  console.log(text)
  return 0
}
