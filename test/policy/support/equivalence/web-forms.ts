import * as fc from 'fast-check'
import type { WebV1Form } from '../../../../shared/dialects/web-v1'
import type { WebV4Form } from '../../../../shared/dialects/web-v4'
import type { RuleInput } from '../../../../shared/rules/rule-input'
import { classicFields, sampleFields } from '../../../support/web-samples'
import { NAMES, toCaller, toForm, toPlace } from './attempt'
import { type Limits, limits, maybe, mostly, rarely, sub, toRule } from './cases'
import type { Answer, World } from './world'

const WAIVABLE = ['name', 'contentType', 'overwrite', 'acl', 'headers'] as const
type Waivable = (typeof WAIVABLE)[number]

/** What a web sample asks for, and how the form that follows strays from it. */
export type WebFormCase = {
  limits: Limits
  waived: readonly Waivable[]
  dialect: 'web-v1' | 'web-v4'
  sub: string
  isPro: boolean
  isNamed: boolean
  contentType: string | undefined
  contentLength: number | undefined
  exists: boolean
  stray: {
    /** Whether the form has only what the sample itself posts. */
    isSample: boolean
    bytes: number | undefined
    partType: string | undefined
    typeField: string | undefined
    acl: string | undefined
    storageClass: string | undefined
    metadata: boolean
    noCallback: boolean
    place: 'sibling' | 'foreign' | 'outside' | undefined
    twice: boolean
  }
}

const limitsOfForms = limits.map(
  (drawn): Limits => ({ ...drawn, mechanisms: ['form'], contentMd5: undefined, list: false }),
)

export const webFormCase: fc.Arbitrary<WebFormCase> = fc.record({
  limits: limitsOfForms,
  waived: fc.subarray([...WAIVABLE]),
  dialect: fc.constantFrom('web-v1', 'web-v4'),
  sub,
  isPro: mostly(true, false),
  isNamed: fc.boolean(),
  contentType: maybe(mostly('image/png', 'text/plain', 'application/pdf')),
  contentLength: mostly(undefined, 3, 9),
  exists: mostly(false, true),
  stray: fc.record({
    isSample: mostly(false, true),
    bytes: rarely(fc.constantFrom(0, 4, 9)),
    partType: rarely(fc.constantFrom('text/html', 'text/plain')),
    typeField: rarely(fc.constantFrom('text/html', 'image/png')),
    acl: rarely(fc.constantFrom('public-read', 'private')),
    storageClass: rarely(fc.constantFrom('Archive', 'IA')),
    metadata: mostly(false, true),
    noCallback: mostly(false, true),
    place: rarely(fc.constantFrom('sibling', 'foreign', 'outside')),
    twice: mostly(false, true),
  }),
})

/** The rule of a case: what it gives up is named, and so is the shape of a key with its name. */
export function toWebRule({ limits, waived }: WebFormCase): RuleInput {
  const rule = toRule(limits)
  const form = [...(rule.upload?.unenforced?.form ?? []), ...waived]
  const shape = waived.includes('name') && limits.key !== 'open' && limits.key !== 'dated'
  const unenforced = { form: [...form, ...(shape ? ['key'] : [])] }
  return { ...rule, upload: { ...rule.upload, unenforced } } as RuleInput
}

/** The size and the type of the file that is sent. */
export function sentOf({ stray, limits, contentType, contentLength }: WebFormCase) {
  const type = stray.partType ?? contentType ?? 'image/png'
  return { bytes: stray.bytes ?? contentLength ?? limits.minBytes ?? 2, type }
}

/** Asks for a form as a sample does, and posts it as the case strays. */
export async function tryWebForm(
  world: World,
  one: WebFormCase,
): Promise<{ refused: string } | { answers: Answer[]; key: string }> {
  const { dialect, contentType, contentLength, isNamed, limits, exists, stray } = one
  const query = {
    ...{ as: dialect, rule: 'files' },
    ...(isNamed && { filename: NAMES[limits.key] }),
    ...(contentType !== undefined && { contentType }),
    ...(contentLength !== undefined && { contentLength: String(contentLength) }),
  }
  const asked = await world.ask('post-policy', toCaller(one), {}, query)
  if (typeof asked === 'string') return { refused: asked }
  const form = asked as unknown as WebV1Form | WebV4Form
  const honest = form.key ?? `${form.dir}${NAMES[limits.key]}`
  const fields = toFields(one, form, toPlace(honest, stray.place))
  if (exists) await world.sendSigned({ method: 'PUT', key: honest, body: Buffer.from('old') })
  const { bytes, type } = sentOf(one)
  const { body, headers } = toForm(fields, Buffer.alloc(bytes, 'a'), type)
  const send = () => world.send('POST', form.host, headers, body)
  const answers = [await send()]
  if (stray.twice) answers.push(await send())
  return { answers, key: honest }
}

function toFields(one: WebFormCase, form: WebV1Form | WebV4Form, key: string) {
  const { isSample, typeField, acl, storageClass, metadata, noCallback } = one.stray
  const posted = 'accessid' in form ? classicFields(form, key) : sampleFields(form, key)
  const fields: Record<string, string> = {
    ...posted,
    ...(!isSample && form.fields),
    ...(typeField !== undefined && { 'x-oss-content-type': typeField }),
    ...(acl !== undefined && { 'x-oss-object-acl': acl }),
    ...(storageClass !== undefined && { 'x-oss-storage-class': storageClass }),
    ...(metadata && { 'x-oss-meta-evil': '1' }),
  }
  if (noCallback) delete fields.callback
  return fields
}
