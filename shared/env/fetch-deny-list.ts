import * as v from 'valibot'
import type { DenyList } from '../auth/deny-list'
import type { OssAccess } from '../callback/stored-object'
import { RESERVED_PREFIX } from '../rules/template'
import { nonEmptyString, strictObject } from '../schema/schema'
import { signHeaders } from '../signing/header'
import { parseJson } from '../text'

/** The key of the deny list, which no rule can reach. */
export const DENY_LIST_KEY = `${RESERVED_PREFIX}denied.json`

const TIMEOUT_MS = 1500
const MAX_LIST_BYTES = 262_144

const entries = v.optional(v.array(nonEmptyString), [])
const listSchema = strictObject({ subjects: entries, tokens: entries })

/** Fetches the deny list from the bucket, empty if there is none; rejects if it can't be read (OSS: GetObject). */
export async function fetchDenyList(access: OssAccess): Promise<DenyList> {
  const { target, credentials, now, send } = access
  const request = signHeaders({ method: 'GET', target, key: DENY_LIST_KEY, credentials, now })
  const limits = { timeoutMs: TIMEOUT_MS, maxBytes: MAX_LIST_BYTES }
  const { status, body } = await send({ ...request, ...limits })
  const text = body.toString('utf8')
  if (status === 404 && text.includes('<Code>NoSuchKey</Code>')) return toDenyList([], [])
  if (status !== 200) throw new Error(`OSS returned status ${status} for ${DENY_LIST_KEY}`)
  const parsed = v.safeParse(listSchema, parseJson(text))
  if (!parsed.success)
    throw new Error(`${DENY_LIST_KEY} must be {"subjects": [...], "tokens": [...]}`)
  return toDenyList(parsed.output.subjects, parsed.output.tokens)
}

function toDenyList(subjects: readonly string[], tokens: readonly string[]): DenyList {
  return { subs: new Set(subjects), jtis: new Set(tokens) }
}
