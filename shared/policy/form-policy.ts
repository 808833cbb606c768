import { memoize, memoizeLatest } from '../memo'
import type { UploadGrant } from './grant'

/** The names of these fields as OSS documents them for forms; the rest are lower case. */
const SPELLING: Readonly<Record<string, string>> = {
  'cache-control': 'Cache-Control',
  'content-disposition': 'Content-Disposition',
}

/**
 * The fields of a form before it is signed (OSS: PostObject, form fields). Everything that could
 * hurt if the client added it is here already, so that the policy can pin it.
 */
export function formFields(
  grant: UploadGrant,
  extras: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const fields: Record<string, string> = {
    key: grant.key,
    'Content-Type': grant.contentType,
    // Wins over the type that the client gives to the file itself.
    'x-oss-content-type': grant.contentType,
    'x-oss-forbid-overwrite': String(!grant.overwrite),
    success_action_status: '200',
  }
  for (const name of Object.keys(grant.headers)) {
    fields[SPELLING[name] ?? name] = grant.headers[name] ?? ''
  }
  return Object.assign(fields, extras)
}

type FormLimits = { bucket: string; minBytes: number; maxBytes: number; expiresAt: number }

/**
 * The text of a POST policy (OSS: PostObject, policy) that lets a form pass only with all of these
 * fields exactly as they are. `fields` must include what signing adds.
 */
export function formPolicy(fields: Readonly<Record<string, string>>, limits: FormLimits): string {
  const { bucket, minBytes, maxBytes, expiresAt } = limits
  const size = `["content-length-range",${minBytes},${maxBytes}]`
  const conditions = `{"bucket":"${bucket}"},${size}${pinAll(fields)}`
  return `{"expiration":"${toExpiration(expiresAt)}","conditions":[${conditions}]}`
}

const toExpiration = memoizeLatest((expiresAt: number) => new Date(expiresAt * 1000).toISOString())

// One growing text: a list of pins, joined, costs as much again as all the rest of signing a form.
function pinAll(fields: Readonly<Record<string, string>>): string {
  let pins = ''
  for (const name of Object.keys(fields)) {
    const value = fields[name] ?? ''
    pins += `,["eq",${quote(`$${name}`)},${LONG_LIVED.has(name) ? quoteKept(value) : quote(value)}]`
  }
  return pins
}

// The longest fields, and the same in one form after the other.
const LONG_LIVED: ReadonlySet<string> = new Set(['callback', 'x-oss-security-token'])

// Texts are plain mostly: looking at them costs half of what JSON.stringify does.
const NOT_PLAIN = /[^ !#-[\]-~]/

function quote(text: string): string {
  return NOT_PLAIN.test(text) ? JSON.stringify(text) : `"${text}"`
}

const quoteKept = memoize(quote)
