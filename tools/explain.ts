import { existsSync, readFileSync, statSync } from 'node:fs'
import { parseJson } from '../shared/text'
import { type OptionTypes, type Tool, UsageError, type Values } from './command-line'
import { explainCode, explainError, readXmlError } from './explain/error'
import { explainCallback, explainEvent, isCallback } from './explain/event'
import { explainForm, type FormFields } from './explain/form'
import { explainUrl, type SignedUrl, type UrlContext } from './explain/signed-url'
import { type Finding, report } from './findings'

const HELP = `Explains what OSS or STS answered, and what is wrong with a signed URL or form.
  oss-direct explain [TEXT | FILE] [--json] [--bucket NAME]
TEXT, FILE or stdin is one of:
  an error of OSS (XML) or STS (JSON), its EC or its code
  a signed URL, or the whole answer of /signed-url or /post-policy
  an upload event, or the body of a callback: what was proven and what was not
With the secret of the key in ALIBABA_CLOUD_ACCESS_KEY_SECRET it says which line of what was signed differs.
Neither secrets nor signatures are printed.
  --bucket NAME  the bucket of a custom domain, which a signature has and the URL has not
  --json         prints JSON
  --help         prints this; --version the version

Examples:
  oss-direct explain 0002-00000201
  oss-direct explain error.xml`

const OPTIONS = {
  bucket: { type: 'string' },
  json: { type: 'boolean' },
} as const satisfies OptionTypes

const MAX_BYTES = 1024 * 1024

async function printExplanation({ bucket, json }: Values, [input]: readonly string[]) {
  const text = (input === undefined || input === '-' ? readLimited(0) : readInput(input)).trim()
  if (text === '') throw new UsageError('There is nothing to explain: give a text, a file or stdin')
  const secret = process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET
  const now = Math.floor(Date.now() / 1000)
  const findings = explain(text, { now, ...(secret && { secret }), ...(bucket && { bucket }) })
  return report(findings, json !== undefined)
}

function readInput(input: string): string {
  return existsSync(input) && statSync(input).isFile() ? readLimited(input) : input
}

function readLimited(file: string | number): string {
  const bytes = readFileSync(file)
  if (bytes.length > MAX_BYTES) throw new UsageError('The input is larger than 1 MiB')
  return bytes.toString('utf8')
}

/** Explains a text of any kind that the command takes. */
export function explain(text: string, context: UrlContext): Finding[] {
  const xml = readXmlError(text)
  if (xml) return explainError(xml, context.secret)
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return explainUrl({ url: text }, context)
  const value: unknown = parseJson(text)
  if (typeof value === 'object' && value !== null) return explainJson(value, context)
  const known = explainCode(text)
  if (known) return known
  const fix = 'oss-direct explain --help lists what it can be'
  return [
    { state: 'unknown', subject: 'input', what: 'is none of the kinds that can be explained', fix },
  ]
}

function explainJson(value: object, context: UrlContext): Finding[] {
  const members = value as Readonly<Record<string, unknown>>
  const { Code, specversion, url, fields } = members
  if (typeof Code === 'string') return explainError(toTexts(members), context.secret)
  if (specversion !== undefined) return explainEvent(value)
  if (isCallback(value)) return explainCallback()
  if (typeof fields === 'object' && fields !== null)
    return explainForm(toTexts(fields), context.now)
  if (typeof members.policy === 'string') return explainForm(toTexts(members), context.now)
  if (typeof url === 'string' && URL.canParse(url))
    return explainUrl(toRequest(members, url), context)
  const fix = 'oss-direct explain --help lists what it can be'
  return [{ state: 'unknown', subject: 'input', what: 'is JSON of another kind', fix }]
}

function toRequest({ method, headers }: Readonly<Record<string, unknown>>, url: string): SignedUrl {
  return {
    url,
    ...(typeof method === 'string' && { method }),
    ...(typeof headers === 'object' && headers !== null && { headers: toTexts(headers) }),
  }
}

function toTexts(value: object): FormFields {
  const entries = Object.entries(value).filter(([, each]) => typeof each === 'string')
  return Object.fromEntries(entries)
}

/** The command `oss-direct explain`. */
export const command: Tool = {
  ...{ help: HELP, options: OPTIONS, maxOperands: 1 },
  run: printExplanation,
}
