import { formPolicy, headerField, type OpenCondition } from '../policy/form-policy'
import type { PrefixFormGrant, UploadGrant } from '../policy/grant'
import type { FormInput } from '../signing/form'
import { bucketUrl, type OssTarget } from '../signing/target'
import type { Credentials } from '../signing/v4'
import { toWebV1, type WebV1Form } from './web-v1'
import { toWebV4, type WebV4Form } from './web-v4'

type WebGrant = UploadGrant | PrefixFormGrant

type WebFormInput = {
  grant: WebGrant
  /** The rule's types, and the limits that it gives up for forms. */
  contentTypes: readonly string[]
  waived: readonly string[]
  /** In base64, with the ticket in it: these clients post no variables. */
  callback: string
  target: OssTarget
  credentials: Credentials
  now: number
  sign: (input: FormInput) => Record<string, string>
}

const SHAPES = { 'web-v1': toWebV1, 'web-v4': toWebV4 } as const

/**
 * Returns a signed form as Alibaba's web samples and their copies read it. Its policy fixes every field that a form of
 * ours has, except those of limits that the rule gives up, since no sample posts them.
 */
export function toWebForm(
  dialect: keyof typeof SHAPES,
  input: WebFormInput,
): WebV1Form | WebV4Form {
  const { grant, callback, target, credentials, now, sign } = input
  const signed = sign({
    fields: fieldsOf(input),
    target,
    credentials,
    now,
    policyText: (fields) => formPolicy(fields, grant, openConditions(input)),
  })
  const place = {
    host: bucketUrl(target).replace(/\/$/, ''),
    expiresAt: grant.expiresAt,
    callback,
    ...(grant.kind === 'upload'
      ? { dir: folderOf(grant.key), key: grant.key }
      : { dir: grant.prefix }),
  }
  return SHAPES[dialect]({ signed, place })
}

function folderOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/') + 1)
}

function fieldsOf({ grant, waived, callback }: WebFormInput): Record<string, string> {
  const { contentType, overwrite, headers } = grant
  const keeps = (limit: string) => !waived.includes(limit)
  const kept = Object.entries(headers).filter(([name]) => keeps(limitOf(name)))
  return {
    ...(grant.kind === 'upload' && { key: grant.key }),
    success_action_status: '200',
    ...(contentType !== undefined &&
      keeps('contentType') && { 'Content-Type': contentType, 'x-oss-content-type': contentType }),
    ...(!overwrite && keeps('overwrite') && { 'x-oss-forbid-overwrite': 'true' }),
    ...Object.fromEntries(kept.map(([name, value]) => [headerField(name), value])),
    ...(keeps('callback') && { callback }),
  }
}

function limitOf(header: string): string {
  return header === 'x-oss-object-acl' ? 'acl' : 'headers'
}

function openConditions({ grant, contentTypes, waived }: WebFormInput): OpenCondition[] {
  const key: OpenCondition[] =
    grant.kind === 'upload' ? [] : [['starts-with', '$key', grant.prefix]]
  if (!waived.includes('contentType')) return key
  return [...key, ...typeConditions(grant.contentType, contentTypes)]
}

// Without a field of this name OSS compares the type of the file part, which browsers send. All conditions must be met, so
// only a list of types or one pattern can be one.
function typeConditions(
  contentType: string | undefined,
  patterns: readonly string[],
): OpenCondition[] {
  if (contentType !== undefined) return [['eq', '$content-type', contentType]]
  const [first = '*/*', ...others] = patterns.map((pattern) => pattern.toLowerCase())
  const all = [first, ...others]
  if (all.every((pattern) => !pattern.endsWith('/*'))) return [['in', '$content-type', all]]
  if (others.length > 0 || first === '*/*') return []
  return [['starts-with', '$content-type', first.slice(0, -1)]]
}
