import { memoize, memoizeLatest } from '../memo'
import type { UploadGrant } from './grant'

/** The documented spelling of these form fields; the names of the others are lower case. */
const SPELLING: Readonly<Record<string, string>> = {
  'cache-control': 'Cache-Control',
  'content-disposition': 'Content-Disposition',
}

/**
 * Returns the fields of a form before it is signed (OSS: PostObject, form fields). They include every field that a client
 * could misuse, so that the policy fixes its value.
 */
export function formFields(
  grant: UploadGrant,
  extras: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const fields: Record<string, string> = {
    key: grant.key,
    'Content-Type': grant.contentType,
    // Overrides the type that the client sets for the file part.
    'x-oss-content-type': grant.contentType,
    'x-oss-forbid-overwrite': String(!grant.overwrite),
    success_action_status: '200',
  }
  for (const name of Object.keys(grant.headers)) {
    fields[headerField(name)] = grant.headers[name] ?? ''
  }
  return Object.assign(fields, extras)
}

/** Returns the name of the form field of a header. */
export function headerField(name: string): string {
  return SPELLING[name] ?? name
}

type FormLimits = { bucket: string; minBytes: number; maxBytes: number; expiresAt: number }

/** A condition on a field whose value the client chooses (OSS: PostObject, policy). */
export type OpenCondition =
  | readonly ['eq' | 'starts-with', name: string, value: string]
  | readonly ['in', name: string, values: readonly string[]]

/**
 * Returns the JSON of a POST policy that accepts a form only with exactly these fields and values, and with others that
 * fulfil the conditions of `open` (OSS: PostObject, policy). `fields` must include those that signing adds.
 */
export function formPolicy(
  fields: Readonly<Record<string, string>>,
  limits: FormLimits,
  open: readonly OpenCondition[] = [],
): string {
  const { bucket, minBytes, maxBytes, expiresAt } = limits
  const size = `["content-length-range",${minBytes},${maxBytes}]`
  const others = open.map((condition) => `,${JSON.stringify(condition)}`).join('')
  const conditions = `{"bucket":"${bucket}"},${size}${others}${pinAll(fields)}`
  return `{"expiration":"${toExpiration(expiresAt)}","conditions":[${conditions}]}`
}

const toExpiration = memoizeLatest((expiresAt: number) => new Date(expiresAt * 1000).toISOString())

// One growing string: joining an array takes as long as the rest of signing a form.
function pinAll(fields: Readonly<Record<string, string>>): string {
  let pins = ''
  for (const name of Object.keys(fields)) {
    const value = fields[name] ?? ''
    pins += `,["eq",${quote(`$${name}`)},${LONG_LIVED.has(name) ? quoteKept(value) : quote(value)}]`
  }
  return pins
}

// The longest fields, and the same in many forms.
const LONG_LIVED: ReadonlySet<string> = new Set(['callback', 'x-oss-security-token'])

// Most strings need no escape: this test takes half as long as JSON.stringify.
const NOT_PLAIN = /[^ !#-[\]-~]/

function quote(text: string): string {
  return NOT_PLAIN.test(text) ? JSON.stringify(text) : `"${text}"`
}

const quoteKept = memoize(quote)
