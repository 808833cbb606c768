import { bindsAcl, kmsKeyIdOf, opensNames, reportsForms } from './rights'
import type { Mechanism, Rule } from './rule'

/** The party that enforces a limit: OSS at the request, our callback afterwards, or nobody. */
export type Enforcer = 'oss' | 'callback' | 'nobody'

/** The two directions of a rule. */
export type Side = 'upload' | 'download'

type Row = Readonly<Record<Mechanism, Enforcer>>

const ALL: Row = { form: 'oss', url: 'oss', sts: 'oss' }

const UPLOAD = {
  // The one key of one file name.
  name: { ...ALL, sts: 'callback' },
  key: { ...ALL, sts: 'callback' },
  size: { ...ALL, sts: 'callback' },
  contentType: { ...ALL, sts: 'callback' },
  contentMd5: { ...ALL, form: 'nobody', sts: 'nobody' },
  overwrite: { ...ALL, sts: 'nobody' },
  acl: ALL,
  kmsKey: { ...ALL, sts: 'nobody' },
  headers: { ...ALL, sts: 'callback' },
  // OSS stores form fields that no condition mentions, so a client can add other names.
  metadata: { ...ALL, form: 'callback', sts: 'callback' },
  callback: { ...ALL, sts: 'nobody' },
} as const satisfies Record<string, Row>

const DOWNLOAD = {
  key: { ...ALL, sts: 'nobody' },
  as: { ...ALL, sts: 'nobody' },
  process: { ...ALL, sts: 'nobody' },
  kmsKey: { ...ALL, sts: 'nobody' },
} as const satisfies Record<string, Row>

/** A limit that a rule can set. */
export type Limit = keyof typeof UPLOAD | keyof typeof DOWNLOAD

const TABLES = { upload: UPLOAD, download: DOWNLOAD } as const satisfies Record<
  Side,
  Partial<Record<Limit, Row>>
>

/** The limits that each side of a rule can set. */
export const LIMITS = {
  upload: Object.keys(UPLOAD) as (keyof typeof UPLOAD)[],
  download: Object.keys(DOWNLOAD) as (keyof typeof DOWNLOAD)[],
}

/**
 * The limits that a form gives up where the rule says so, because Alibaba's web samples post no field for them, and what
 * becomes of them.
 */
const WAIVABLE: Readonly<Partial<Record<Limit, Enforcer>>> = {
  name: 'callback',
  contentType: 'callback',
  headers: 'callback',
  overwrite: 'nobody',
  acl: 'nobody',
}

/** Returns the enforcer of a limit for this side and mechanism of a rule. */
export function findEnforcer(rule: Rule, side: Side, mechanism: Mechanism, limit: Limit): Enforcer {
  const table: Partial<Record<Limit, Row>> = TABLES[side]
  if (side === 'upload' && mechanism === 'form') {
    if (limit === 'key' && opensNames(rule)) return 'callback'
    const waived = WAIVABLE[limit]
    if (waived && rule.upload?.unenforced.form?.includes(limit)) return waived
  }
  const enforcer = table[limit]?.[mechanism] ?? 'nobody'
  const isOpen =
    (limit === 'acl' && mechanism === 'sts' && !bindsAcl(rule)) ||
    (limit === 'callback' && mechanism === 'form' && !reportsForms(rule))
  return isOpen ? 'nobody' : enforcer
}

/** Returns the limits that this side of a rule sets. */
export function listLimits(rule: Rule, side: Side): Limit[] {
  const chosen = side === 'upload' ? uploadLimits(rule) : downloadLimits(rule)
  return LIMITS[side].filter((limit) => chosen[limit])
}

type Chosen = Partial<Record<Limit, boolean>>

function uploadLimits(rule: Rule): Chosen {
  const { template, upload } = rule
  if (upload === undefined) return {}
  return {
    name: opensNames(rule),
    key: template.text !== `${template.prefixText}{path}`,
    size: upload.isSized,
    contentType: !upload.contentTypes.includes('*/*'),
    contentMd5: upload.needsMd5,
    overwrite: !upload.overwrite,
    acl: true,
    kmsKey: kmsKeyIdOf(rule) !== undefined,
    headers: upload.fixesHeaders,
    metadata: upload.metadata !== undefined,
    callback: true,
  }
}

function downloadLimits(rule: Rule): Chosen {
  const { template, download } = rule
  if (download === undefined) return {}
  return {
    key: template.text !== `${template.prefixText}{path}`,
    as: download.as !== undefined,
    process: download.styles.length > 0,
    kmsKey: kmsKeyIdOf(rule) !== undefined,
  }
}
