import type { SendRequest } from '../../client'
import type { MessageId } from '../i18n/i18n'
import { fromBase64Json, MASK, maskText, maskValue, shorten } from './decode'
import { conditionOf, policyOf } from './policy'

/** One part of a signed request, and what it is for. */
export interface Piece {
  name: string
  /** Decoded, and without secrets. */
  value: string
  says: MessageId
  /** The limit of the rule that it enforces. */
  limit?: string
  /** Set where nothing signed names it. */
  isFree?: boolean
}

type Meaning = readonly [says: MessageId, limit?: string]

const KNOWN: Readonly<Record<string, Meaning>> = {
  key: ['inspector.is.key', 'key'],
  bucket: ['inspector.is.bucket'],
  'content-length': ['inspector.is.size', 'size'],
  'content-length-range': ['inspector.is.size', 'size'],
  'content-type': ['inspector.is.type', 'contentType'],
  'x-oss-content-type': ['inspector.is.type', 'contentType'],
  'content-md5': ['inspector.is.md5', 'contentMd5'],
  'x-oss-forbid-overwrite': ['inspector.is.overwrite', 'overwrite'],
  'x-oss-object-acl': ['inspector.is.acl', 'acl'],
  'x-oss-storage-class': ['inspector.is.storage', 'headers'],
  'x-oss-server-side-encryption-key-id': ['inspector.is.kms', 'kmsKey'],
  callback: ['inspector.is.callback', 'callback'],
  'callback-var': ['inspector.is.ticket', 'callback'],
  'x:ticket': ['inspector.is.ticket', 'callback'],
  'x-oss-credential': ['inspector.is.credential'],
  ossaccesskeyid: ['inspector.is.credential'],
  'x-oss-date': ['inspector.is.date'],
  'x-oss-expires': ['inspector.is.expires'],
  expires: ['inspector.is.expires'],
  'x-oss-security-token': ['inspector.is.token'],
  'security-token': ['inspector.is.token'],
  'x-oss-signature-version': ['inspector.is.version'],
  'x-oss-additional-headers': ['inspector.is.additional'],
  'x-oss-signature': ['inspector.is.signature'],
  signature: ['inspector.is.signature'],
  policy: ['inspector.is.policy'],
  success_action_status: ['inspector.is.status'],
  success_action_redirect: ['inspector.is.redirect'],
  uploads: ['inspector.is.uploads'],
  uploadid: ['inspector.is.uploadId'],
  partnumber: ['inspector.is.partNumber'],
  'x-oss-complete-all': ['inspector.is.complete'],
  'cache-control': ['inspector.is.header', 'headers'],
  'content-disposition': ['inspector.is.header', 'headers'],
  'content-encoding': ['inspector.is.header', 'headers'],
}

// What signs a form can't be named by what is signed.
const SIGNING = ['policy', 'signature', 'x-oss-signature', 'ossaccesskeyid']

/** Returns what a part of a request is for, and which limit of a rule it enforces. */
export function meaningOf(name: string): Meaning {
  const bare = name.replace(/^\$/, '').toLowerCase()
  if (bare.startsWith('x-oss-meta-')) return ['inspector.is.metadata', 'metadata']
  return KNOWN[bare] ?? ['inspector.is.other']
}

/** Returns the parts of a signed request: of a form its fields, else path, query and headers. */
export function piecesOf(request: SendRequest): Piece[] {
  if (request.fields) return fieldPieces(request.fields)
  const { pathname, searchParams } = new URL(request.url)
  const path = decodeURIComponent(pathname)
  return [
    { name: request.method, value: path, says: 'inspector.is.key', limit: 'key' },
    ...Object.entries(request.headers).map(([name, value]) => toPiece(name, value)),
    ...[...searchParams].map(([name, value]) => toPiece(name, value)),
  ]
}

function fieldPieces(fields: Readonly<Record<string, string>>): Piece[] {
  const named = policyOf(fields)?.conditions.map((each) => conditionOf(each).name) ?? []
  return Object.entries(fields).map(([name, value]) => {
    const piece = toPiece(name, value)
    const isFree = !SIGNING.includes(name.toLowerCase()) && !named.includes(name.toLowerCase())
    return isFree ? { ...piece, says: 'inspector.is.free', isFree } : piece
  })
}

function toPiece(name: string, value: string): Piece {
  const [says, limit] = meaningOf(name)
  return { name, value: readable(name, value), says, ...(limit && { limit }) }
}

const LONGEST = 160

/** Returns a value decoded, where it is JSON in base64, and without secrets. */
function readable(name: string, value: string): string {
  const shown = maskValue(name, value)
  if (shown === MASK) return shown
  if (name.toLowerCase() === 'policy') return `${value.slice(0, 24)}${MASK}`
  const decoded = fromBase64Json(value)
  return decoded ? maskText(JSON.stringify(decoded)) : shorten(shown, LONGEST)
}
