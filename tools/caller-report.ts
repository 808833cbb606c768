import type { Caller } from '../shared/auth/caller'
import { CODES, Refusal } from '../shared/errors'
import { decide } from '../shared/policy/decide'
import { formFields, formPolicy } from '../shared/policy/form-policy'
import type { Grant, UploadGrant } from '../shared/policy/grant'
import { putHeaders } from '../shared/policy/put-headers'
import type { Access, CallerRequest } from '../shared/rules/requests'
import type { Mechanism, Rule } from '../shared/rules/rule'
import type { Rules } from '../shared/rules/rules'
import { sessionPolicy } from '../shared/rules/session-policy'
import { toSessionName } from '../shared/rules/subject'
import { signForm } from '../shared/signing/form'

/** What a caller gets of one rule by one mechanism: what is granted, texts as they are sent, or why not. */
export type Outcome = { rule: string; by: Mechanism; asks: string } & (
  | { refused: string }
  | { granted: Readonly<Record<string, unknown>> }
)

type Context = { rules: Rules; bucket: string; now: number; uuid: () => string }

/** What this caller gets of every rule by every mechanism that it uses, for an example file. */
export async function reportCaller(caller: Caller, context: Context): Promise<Outcome[]> {
  const wishes = [...context.rules.values()].flatMap(listWishes)
  return Promise.all(wishes.map((wish) => reportWish(caller, wish, context)))
}

type Asked = { by: Mechanism; asks: string; wish: CallerRequest }

function listWishes(rule: Rule): Asked[] {
  const { upload } = rule
  const file = { rule: rule.name, ...exampleFile(rule) }
  const { contentLength, ...form } = file
  const md5 = upload?.needsMd5 && { contentMd5: 'XrY7u+Ae7tCTyyK7j1rNww==' }
  const wishes: Record<Mechanism, Asked[]> = {
    form: [{ by: 'form', asks: 'upload', wish: { operation: 'form', ...form } }],
    url: [{ by: 'url', asks: 'upload', wish: { operation: 'put', ...file, ...md5 } }],
    sts: [],
  }
  const access = accessOf(rule)
  const listing = { by: 'url', asks: 'list', wish: { operation: 'list', rule: rule.name } } as const
  return [
    ...(upload?.mechanisms.flatMap((mechanism) => wishes[mechanism]) ?? []),
    ...(rule.list ? [listing] : []),
    ...(access === undefined
      ? []
      : [
          { by: 'sts', asks: access, wish: { operation: 'sts', rule: rule.name, access } } as const,
        ]),
  ]
}

function accessOf({ upload, download }: Rule): Access | undefined {
  const writes = upload?.mechanisms.includes('sts')
  const reads = download?.mechanisms.includes('sts')
  if (writes && reads) return 'read-write'
  return writes ? 'write' : reads ? 'read' : undefined
}

const EXAMPLES: Readonly<Record<string, string>> = {
  '*/*': 'application/octet-stream',
  'image/*': 'image/png',
  'text/*': 'text/plain',
  'audio/*': 'audio/mpeg',
  'video/*': 'video/mp4',
}

/** A file that the rule allows. */
export function exampleFile({ upload }: Rule) {
  const [pattern = '*/*'] = upload?.contentTypes ?? []
  const contentType = EXAMPLES[pattern] ?? pattern.replace('*', 'octet-stream')
  const extension = /[a-z0-9]+/.exec(contentType.slice(contentType.indexOf('/')))?.[0] ?? 'bin'
  const contentLength = Math.max(upload?.minBytes ?? 0, Math.min(1000, upload?.maxBytes ?? 0))
  return { filename: `example.${extension}`, contentType, contentLength }
}

async function reportWish(
  caller: Caller,
  { by, asks, wish }: Asked,
  context: Context,
): Promise<Outcome> {
  const outcome = { rule: wish.rule, by, asks }
  try {
    const grant = await decide(caller, wish, { ...context, sourceIp: '203.0.113.7' })
    return { ...outcome, granted: toGranted(grant, context.now) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { ...outcome, refused: CODES[error.code].detail(error.facts) }
  }
}

function toGranted(grant: Grant, now: number): Record<string, unknown> {
  if (grant.kind === 'prefix') {
    return {
      prefix: grant.prefix,
      sessionName: toSessionName(grant.sub),
      sessionPolicy: sessionPolicy(grant, { secure: true }),
    }
  }
  if (grant.kind === 'download' || grant.kind === 'delete') return { key: grant.key }
  if (grant.kind === 'list' || grant.kind === 'prefix-form') return { prefix: grant.prefix }
  if (grant.mechanism === 'url') return { key: grant.key, ...putHeaders(grant) }
  return { key: grant.key, postPolicy: postPolicyOf(grant, now) }
}

function postPolicyOf(grant: UploadGrant, now: number): string {
  let text = ''
  signForm({
    fields: formFields(grant, { callback: '<callback>', 'x:ticket': '<ticket>' }),
    target: {
      bucket: grant.bucket,
      region: '<region>',
      endpoint: 'https://oss',
      addressing: 'path',
    },
    credentials: {
      accessKeyId: '<access key id>',
      accessKeySecret: '<secret>',
      securityToken: '<security token>',
    },
    now,
    policyText: (fields) => {
      text = formPolicy(fields, grant)
      return text
    },
  })
  return text
}
