import {
  type Enforcer,
  findEnforcer,
  LIMITS,
  type Limit,
  listLimits,
  type Side,
} from '../shared/rules/enforcement'
import { kmsKeyIdOf } from '../shared/rules/rights'
import type { Mechanism, Rule, UploadRule } from '../shared/rules/rule'
import type { Rules } from '../shared/rules/rules'
import { wrap } from './wrap'

/** What one rule permits and who sees to it. */
export type RuleReport = {
  rule: string
  key: string
  bucket?: string
  upload?: SideReport
  download?: SideReport
  list?: Rule['list']
  remove?: Rule['remove']
}

/** One direction of a rule. */
export type SideReport = {
  ttlSeconds: number
  mechanisms: readonly Mechanism[]
  limits: LimitReport[]
}

/** One limit: what the rule says, and who enforces it by each mechanism that the rule uses. */
export type LimitReport = {
  limit: Limit
  says: string
  enforcers: Partial<Record<Mechanism, Enforcer>>
}

const SIDES = ['upload', 'download'] as const
const MECHANISMS = ['form', 'url', 'sts'] as const

/** Who enforces what, for every rule. */
export function reportRules(rules: Rules): RuleReport[] {
  return [...rules.values()].map((rule) => ({
    rule: rule.name,
    key: rule.template.text,
    ...(rule.bucket !== undefined && { bucket: rule.bucket }),
    ...Object.fromEntries(SIDES.flatMap((side) => toSide(rule, side))),
    ...(rule.list && { list: rule.list }),
    ...(rule.remove && { remove: rule.remove }),
  }))
}

function toSide(rule: Rule, side: Side): [Side, SideReport][] {
  const part = rule[side]
  if (part === undefined) return []
  const { ttlSeconds, mechanisms } = part
  const limits = toRows(rule, side).map((limit) => ({
    limit,
    says: SAYS[limit](rule),
    enforcers: Object.fromEntries(
      mechanisms.map((mechanism) => [mechanism, findEnforcer(rule, side, mechanism, limit)]),
    ),
  }))
  return [[side, { ttlSeconds, mechanisms, limits }]]
}

// Metadata is a row even where the rule names none: some mechanisms let any be added.
function toRows(rule: Rule, side: Side): Limit[] {
  const set = listLimits(rule, side)
  return LIMITS[side].filter((limit) => set.includes(limit) || limit === 'metadata')
}

const SAYS = {
  name: () => 'of one file',
  key: ({ template }) => template.text,
  size: ({ upload }) =>
    sayUpload(upload, ({ minBytes, maxBytes }) => `${minBytes} to ${maxBytes} bytes`),
  contentType: ({ upload }) => sayUpload(upload, ({ contentTypes }) => contentTypes.join(', ')),
  contentMd5: () => 'as promised',
  overwrite: () => 'no',
  acl: ({ upload }) => upload?.headers['x-oss-object-acl'] ?? '',
  kmsKey: (rule) => kmsKeyIdOf(rule) ?? '',
  headers: ({ upload }) => sayUpload(upload, sayHeaders),
  metadata: ({ upload }) => sayUpload(upload, sayMetadata),
  callback: () => 'always',
  as: ({ download }) => download?.as ?? '',
  process: ({ download }) => download?.styles.join(', ') ?? '',
} as const satisfies Record<Limit, (rule: Rule) => string>

function sayUpload(upload: UploadRule | undefined, say: (upload: UploadRule) => string): string {
  return upload === undefined ? '' : say(upload)
}

function sayHeaders({ headers }: UploadRule): string {
  return Object.entries(headers)
    .filter(([name]) => name !== 'x-oss-object-acl')
    .map((header) => header.join(': '))
    .join(', ')
}

function sayMetadata({ metadata }: UploadRule): string {
  const names = [...(metadata ?? [])].map(([name, maxBytes]) => `${name} (${maxBytes} bytes)`)
  return names.length > 0 ? `only ${names.join(', ')}` : 'none is asked for'
}

const LEGEND = `OSS       refuses the request
callback  our callback calls the upload unproven, after it is stored
NOBODY    the rule accepts that this mechanism does not enforce it`

/** The report as a table to read, its last column wrapped to this width. */
export function toTable(reports: readonly RuleReport[], width = Number.POSITIVE_INFINITY): string {
  return [...reports.map((report) => toSection(report, width)), LEGEND].join('\n\n')
}

function toSection(report: RuleReport, width: number): string {
  const { rule, key, bucket, list, remove } = report
  const place = bucket === undefined ? key : `${bucket}: ${key}`
  return [
    `${rule}  ${place}`,
    ...SIDES.flatMap((side) => toLines(side, report[side], width)),
    ...(list ? [`  list, ${list.ttlSeconds} s  url`] : []),
    ...(remove ? [`  remove, ${remove.ttlSeconds} s  url`] : []),
  ].join('\n')
}

const NAMES = { oss: 'OSS', callback: 'callback', nobody: 'NOBODY' } as const

function toLines(side: Side, report: SideReport | undefined, width: number): string[] {
  if (report === undefined) return []
  const used = MECHANISMS.filter((mechanism) => report.mechanisms.includes(mechanism))
  const head = [`  ${side}, ${report.ttlSeconds} s`, ...used, '']
  const rows = report.limits.map(({ limit, says, enforcers }) => [
    `    ${limit}`,
    ...used.map((mechanism) => NAMES[enforcers[mechanism] ?? 'nobody']),
    says,
  ])
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  )
  const indent = widths.slice(0, -1).reduce((sum, each) => sum + each + 2, 0)
  return [head, ...rows].map((row) => {
    const cells = row.slice(0, -1).map((cell, column) => cell.padEnd(widths[column] ?? 0))
    return [...cells, wrap(row.at(-1) ?? '', { width, indent })].join('  ').trimEnd()
  })
}
