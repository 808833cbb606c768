import type { Issue } from '../errors'
import { findEnforcer, LIMITS, type Limit, listLimits, type Side } from './enforcement'
import { mayBeInline, opensNames, sessionRightsOf } from './rights'
import { type Mechanism, MIN_SESSION_SECONDS, type Rule } from './rule'
import type { RuleInput } from './rule-input'
import { fitsSessionPolicy, MAX_POLICY_SIZE, type SessionScope } from './session-policy'
import { MAX_SEGMENT_CHARS } from './subject'
import { fillParts } from './template'

const SIDES = ['upload', 'download'] as const
const MAX_BUCKET_CHARS = 63
const MAX_IP_CHARS = 39

/**
 * The maximum size of the JSON that a rule adds to a ticket for STS credentials: its name, the longest prefix and its types.
 * With the longest caller, bucket and numbers, the ticket then fits `MAX_TICKET_CHARACTERS`.
 */
const MAX_TICKET_RULE_BYTES = 1_731

/** Returns the issues of a rule whose members are valid separately, each with its solution. */
export function findRuleIssues(rule: Rule, input: RuleInput): Issue[] {
  return [
    ...findShapeIssues(rule, input),
    ...SIDES.flatMap((side) => [...findTtlIssues(rule, side), ...findLimitIssues(rule, side)]),
    ...findLengthIssues(rule),
    ...findTicketIssues(rule),
  ]
}

function findShapeIssues(rule: Rule, { shared, linkSeconds, upload: chosen }: RuleInput): Issue[] {
  const { template, upload, download, list, remove } = rule
  const lendsList = download?.mechanisms.includes('sts') ?? false
  const issues: [boolean | undefined, string, string][] = [
    [
      !upload && !download && !list && !remove,
      '',
      'permits nothing (add upload, download, list or remove)',
    ],
    [
      template.isolates && shared,
      'shared',
      'is true, but {sub} in the key separates callers (remove one of them)',
    ],
    [
      !template.isolates && opensNames(rule),
      'upload.unenforced.form',
      'names name, but a form for the folder of all callers could claim the objects of each (put {sub}/ into the key, or leave name out)',
    ],
    [
      upload && upload.minBytes > upload.maxBytes,
      'upload.minBytes',
      'is more than maxBytes (no file fits)',
    ],
    [
      chosen?.serverSideEncryption === 'KMS' && chosen.kmsKeyId === undefined,
      'upload.serverSideEncryption',
      'requires kmsKeyId (the roles get rights on that key only)',
    ],
    [
      chosen?.kmsKeyId !== undefined && chosen.serverSideEncryption !== 'KMS',
      'upload.kmsKeyId',
      "requires serverSideEncryption: 'KMS' (add it, or leave this out)",
    ],
    [
      download?.as === 'inline' && !mayBeInline(rule),
      'download.as',
      'is inline, but callers can store types that browsers run (allow only PNG, JPEG, GIF, WebP, AVIF, audio, video, PDF and plain text, without sts; or leave this out)',
    ],
    [
      upload?.sniff && /Archive/.test(upload.headers['x-oss-storage-class'] ?? ''),
      'upload.sniff',
      'reads objects, but OSS can not read archived ones (choose another storageClass, or leave this out)',
    ],
    [
      download?.list && !lendsList,
      'download.list',
      "requires STS (add mechanisms: ['url', 'sts'])",
    ],
    [
      linkSeconds !== undefined && !lendsList && !upload?.mechanisms.includes('sts'),
      'linkSeconds',
      'requires STS (add it to mechanisms, or leave this out)',
    ],
    [
      upload?.bindSourceIp && !upload.mechanisms.includes('sts'),
      'upload.bindSourceIp',
      "requires STS (add 'sts' to mechanisms, or leave this out: URLs and forms can't be bound)",
    ],
    [
      chosen?.multipart && !upload?.mechanisms.includes('url'),
      'upload.multipart',
      "requires URLs (add 'url' to mechanisms, or leave this out)",
    ],
    [
      chosen?.multipart && upload?.needsMd5,
      'upload.multipart',
      'can not check the MD5 of a whole file (leave this or contentMd5 out)',
    ],
  ]
  return issues.filter(([isIssue]) => isIssue).map(([, path, message]) => ({ path, message }))
}

function findTtlIssues(rule: Rule, side: Side): Issue[] {
  const part = rule[side]
  if (!part?.mechanisms.includes('sts') || part.ttlSeconds >= MIN_SESSION_SECONDS) return []
  const message = `must be at least ${MIN_SESSION_SECONDS} for STS credentials (raise it, or leave sts out)`
  return [{ path: `${side}.ttlSeconds`, message }]
}

function findLimitIssues(rule: Rule, side: Side): Issue[] {
  const part = rule[side]
  if (part === undefined) return []
  const named = Object.keys(part.unenforced) as Mechanism[]
  return [
    ...part.mechanisms.flatMap((mechanism) => findGapIssues(rule, side, mechanism)),
    ...named
      .filter((mechanism) => !part.mechanisms.includes(mechanism))
      .map((mechanism) => ({
        path: `${side}.unenforced.${mechanism}`,
        message: `names a mechanism that the rule does not use (leave it out)`,
      })),
    ...part.mechanisms.flatMap((mechanism) => findVainIssues(rule, side, mechanism)),
  ]
}

function findGapIssues(rule: Rule, side: Side, mechanism: Mechanism): Issue[] {
  const accepted = rule[side]?.unenforced[mechanism] ?? []
  return listLimits(rule, side)
    .filter((limit) => findEnforcer(rule, side, mechanism, limit) !== 'oss')
    .filter((limit) => !accepted.includes(limit))
    .map((limit) => ({
      path: `${side}.mechanisms`,
      message: `${mechanism} can't enforce ${limit} (${findWayOut(rule, side, mechanism, limit)})`,
    }))
}

function findWayOut(rule: Rule, side: Side, mechanism: Mechanism, limit: Limit): string {
  const better = (['form', 'url'] as const).filter(
    (other) =>
      (side === 'upload' || other === 'url') && findEnforcer(rule, side, other, limit) === 'oss',
  )
  return `${better.join(' and ')} can; or accept it with unenforced: { ${mechanism}: ['${limit}'] }`
}

function findVainIssues(rule: Rule, side: Side, mechanism: Mechanism): Issue[] {
  const accepted = rule[side]?.unenforced[mechanism] ?? []
  return LIMITS[side]
    .filter((limit) => accepted.includes(limit))
    .filter((limit) => findEnforcer(rule, side, mechanism, limit) === 'oss')
    .map((limit) => ({
      path: `${side}.unenforced.${mechanism}`,
      message: `names ${limit}, which OSS enforces (leave it out)`,
    }))
}

function findLengthIssues(rule: Rule): Issue[] {
  const lends = SIDES.filter((side) => rule[side]?.mechanisms.includes('sts'))
  if (lends.length === 0 || fitsSessionPolicy(toLongestScope(rule, lends))) return []
  const message = `makes session policies longer than ${MAX_POLICY_SIZE} bytes (shorten the folders)`
  return [{ path: 'key', message }]
}

// A ticket for STS credentials contains all types that the rule allows.
function findTicketIssues(rule: Rule): Issue[] {
  const { name, upload } = rule
  if (!upload?.mechanisms.includes('sts')) return []
  const members = { rul: name, pfx: toLongestPrefix(rule), typ: upload.contentTypes }
  if (Buffer.byteLength(JSON.stringify(members)) <= MAX_TICKET_RULE_BYTES) return []
  const message =
    'are too long for a ticket with sts (list fewer, or use a pattern such as image/*)'
  return [{ path: 'upload.contentTypes', message }]
}

function toLongestScope(rule: Rule, lends: readonly Side[]): SessionScope {
  const { upload, download } = rule
  const access = lends.length === 2 ? 'read-write' : lends[0] === 'upload' ? 'write' : 'read'
  return {
    rule: rule.name,
    bucket: rule.bucket ?? 'x'.repeat(MAX_BUCKET_CHARS),
    prefix: toLongestPrefix(rule),
    access,
    list: (download?.list ?? false) && access !== 'write',
    ...sessionRightsOf(rule),
    ...(upload?.bindSourceIp && { sourceIp: 'x'.repeat(MAX_IP_CHARS) }),
  }
}

function toLongestPrefix({ template }: Rule): string {
  const longest = { sub: 'x'.repeat(MAX_SEGMENT_CHARS), yyyy: '0000', mm: '00', dd: '00' }
  return fillParts(template.prefixParts, (placeholder) => {
    return placeholder in longest ? longest[placeholder as keyof typeof longest] : ''
  })
}
