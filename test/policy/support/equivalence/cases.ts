import * as fc from 'fast-check'
import type { RuleInput } from '../../../../shared/rules/rule-input'

/** Keys by what they are called in a case; `open` takes any name below the caller's folder. */
const KEYS = {
  open: 'files/{sub}/{path}',
  dated: 'files/{yyyy}/{sub}/{path}',
  named: 'files/{sub}/{uuid}.{ext}',
  deep: 'files/{sub}/in/{uuid}',
} as const

export type Limits = {
  key: keyof typeof KEYS
  onlyPro: 'no' | 'sync' | 'async'
  contentTypes: readonly string[] | undefined
  minBytes: number | undefined
  maxBytes: number | undefined
  overwrite: boolean
  acl: 'private' | 'default' | 'public-read' | undefined
  /** Whether an STS user must name the ACL. */
  needsAcl: boolean
  storageClass: 'IA' | undefined
  cacheControl: string | undefined
  metadata: { title: number } | undefined
  contentMd5: 'required' | undefined
  mechanisms: readonly ('sts' | 'url' | 'form')[]
  as: 'inline' | 'attachment' | undefined
  list: boolean
  /** Whether forms need no callback. */
  unreported: boolean
  /** Whether callers may list their own folder. */
  lists: boolean
  /** Whether callers may delete their own objects. */
  removes: boolean
}

/** What a caller asks for, and how the request that follows strays from it. */
export type UploadCase = {
  limits: Limits
  sub: string
  isPro: boolean
  by: 'sts' | 'url' | 'form'
  filename: string
  contentType: string
  contentLength: number | undefined
  promisesMd5: boolean
  metadata: Record<string, string> | undefined
  exists: boolean
  stray: {
    bytes: number | undefined
    contentType: string | undefined
    acl: 'public-read' | 'public-read-write' | 'private' | 'default' | 'none' | undefined
    storageClass: string | undefined
    cacheControl: string | undefined
    metadata: boolean
    corrupt: boolean
    noCallback: boolean
    query: boolean
    place: 'sibling' | 'foreign' | 'outside' | undefined
    verb: 'DELETE' | 'GET' | undefined
    twice: boolean
  }
}

export type DownloadCase = {
  limits: Limits
  sub: string
  isPro: boolean
  by: 'sts' | 'url'
  verb: 'get' | 'head'
  place: 'own' | 'foreign' | 'outside'
  as: 'inline' | 'attachment' | undefined
  stray: {
    verb: 'PUT' | 'DELETE' | undefined
    place: 'foreign' | 'outside' | undefined
    query: boolean
    list: 'own' | 'foreign' | 'all' | undefined
  }
}

const MECHANISMS = ['sts', 'url', 'form'] as const

/** A value in half of the cases. */
export function maybe<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(value, { nil: undefined })
}

/** The first of the values in most cases, any of them in the others. */
export function mostly<const T>(usual: T, ...others: T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(usual, ...others) },
  )
}

/** A value in one case of ten. */
export function rarely<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value })
}

const anyLimits: fc.Arbitrary<Limits> = fc.record({
  key: fc.constantFrom('open', 'dated', 'named', 'deep'),
  onlyPro: fc.constantFrom('no', 'sync', 'async'),
  contentTypes: maybe(fc.constantFrom(['image/*'], ['image/png', 'text/plain'], ['*/*'])),
  minBytes: maybe(fc.constantFrom(0, 1, 3)),
  maxBytes: maybe(fc.constantFrom(3, 8)),
  overwrite: fc.boolean(),
  acl: maybe(fc.constantFrom('private', 'default', 'public-read')),
  needsAcl: fc.boolean(),
  storageClass: maybe(fc.constant('IA')),
  cacheControl: maybe(fc.constant('no-cache')),
  metadata: maybe(fc.constant({ title: 3 })),
  contentMd5: rarely(fc.constant('required')),
  mechanisms: fc.oneof(
    { weight: 4, arbitrary: fc.constant(MECHANISMS) },
    { weight: 1, arbitrary: fc.subarray([...MECHANISMS], { minLength: 1 }) },
  ),
  as: maybe(fc.constantFrom('inline', 'attachment')),
  list: fc.boolean(),
  unreported: mostly(false, true),
  lists: mostly(true, false),
  removes: mostly(true, false),
})

/** Limits that a rule may have: none of those that show what browsers could run. */
export const limits = anyLimits.map((drawn): Limits => {
  const isShown = !drawn.mechanisms.includes('sts') && drawn.contentTypes?.includes('image/png')
  return drawn.as === 'inline' && !isShown ? { ...drawn, as: undefined } : drawn
})

/** Callers, some with odd names. */
export const sub = fc.constantFrom('alice', 'auth0|5f', 'CN=Ann,O=Ex', '张伟', '../bob', 'a*', '.')

/** Uploads of every kind, honest and not. */
export const uploadCase: fc.Arbitrary<UploadCase> = fc.record({
  limits,
  sub,
  isPro: mostly(true, false),
  by: fc.constantFrom(...MECHANISMS),
  filename: mostly('a.png', 'b/c 1+2%.png', '报告😀.png', 'q?*.png', '../x.png', 'no'),
  contentType: mostly('image/png', 'text/plain', 'imagex/y', 'application/pdf'),
  contentLength: mostly(3, undefined, 0, 1, 5, 8, 9),
  promisesMd5: fc.boolean(),
  metadata: rarely(fc.constantFrom({ title: 'abc' }, { title: 'abcd' }, { other: 'a' }, {})),
  exists: mostly(false, true),
  stray: fc.record({
    bytes: rarely(fc.constantFrom(0, 2, 4, 9)),
    contentType: rarely(fc.constantFrom('text/html', 'image/png')),
    acl: rarely(fc.constantFrom('public-read', 'public-read-write', 'private', 'default', 'none')),
    storageClass: rarely(fc.constant('Archive')),
    cacheControl: rarely(fc.constant('max-age=1')),
    metadata: mostly(false, true),
    corrupt: mostly(false, true),
    noCallback: mostly(false, true),
    query: mostly(false, true),
    place: rarely(fc.constantFrom('sibling', 'foreign', 'outside')),
    verb: rarely(fc.constantFrom('DELETE', 'GET')),
    twice: mostly(false, true),
  }),
})

/** Downloads of every kind, honest and not. */
export const downloadCase: fc.Arbitrary<DownloadCase> = fc.record({
  limits,
  sub,
  isPro: mostly(true, false),
  by: fc.constantFrom('sts', 'url'),
  verb: fc.constantFrom('get', 'head'),
  place: mostly('own', 'foreign', 'outside'),
  as: maybe(fc.constantFrom('inline', 'attachment')),
  stray: fc.record({
    verb: rarely(fc.constantFrom('PUT', 'DELETE')),
    place: rarely(fc.constantFrom('foreign', 'outside')),
    query: mostly(false, true),
    list: rarely(fc.constantFrom('own', 'foreign', 'all')),
  }),
})

const isPro = (caller: { claims: Record<string, unknown> }) => caller.claims.plan === 'pro'
const ALLOW = { no: undefined, sync: isPro, async: async (caller: never) => isPro(caller) } as const

function compact(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined))
}

/** The rule of a case, with all that STS and forms can't enforce accepted. */
export function toRule(limits: Limits): RuleInput {
  const { key, onlyPro, as, list, mechanisms, needsAcl, unreported, lists, removes, ...upload } =
    limits
  const forSts = ['key', 'size', 'contentType', 'contentMd5', 'overwrite', 'headers', 'metadata']
  const unenforced = {
    sts: [...forSts, 'callback', ...(needsAcl ? [] : ['acl'])],
    form: ['contentMd5', 'metadata', ...(unreported ? ['callback'] : [])],
    url: undefined,
  }
  const used = mechanisms.map((mechanism) => [mechanism, unenforced[mechanism]])
  const lendsSts = mechanisms.includes('sts')
  return compact({
    key: KEYS[key],
    allow: ALLOW[onlyPro],
    upload: compact({
      ...upload,
      ttlSeconds: 900,
      mechanisms,
      unenforced: compact(Object.fromEntries(used)),
    }),
    list: lists ? {} : undefined,
    remove: removes ? {} : undefined,
    download: compact({
      as,
      list: lendsSts && list,
      unenforced: lendsSts ? { sts: ['key', 'as'] } : {},
    }),
  }) as RuleInput
}
