import * as v from 'valibot'
import type { DenyList } from '../auth/deny-list'
import type { OssAccess } from '../callback/stored-object'
import { RESERVED_PREFIX } from '../rules/template'
import { nonEmptyString, strictObject } from '../schema/schema'
import { signHeaders } from '../signing/header'
import { parseJson } from '../text'

/** The object that the list is in; no rule reaches it. */
export const DENY_LIST_KEY = `${RESERVED_PREFIX}denied.json`

const TIMEOUT_MS = 1500
const MAX_LIST_BYTES = 262_144

const entries = v.optional(v.array(nonEmptyString), [])
const listSchema = strictObject({ subjects: entries, tokens: entries })

/** Reads the deny list in the bucket, empty where there is none; rejects when it can't be read. */
export async function fetchDenyList(access: OssAccess): Promise<DenyList> {
  const { target, credentials, now, send } = access
  const request = signHeaders({ method: 'GET', target, key: DENY_LIST_KEY, credentials, now })
  const limits = { timeoutMs: TIMEOUT_MS, maxBytes: MAX_LIST_BYTES }
  const { status, body } = await send({ ...request, ...limits })
  const text = body.toString('utf8')
  if (status === 404 && text.includes('<Code>NoSuchKey</Code>')) return toDenyList([], [])
  if (status !== 200) throw new Error(`OSS answered ${status} to the request for ${DENY_LIST_KEY}`)
  const parsed = v.safeParse(listSchema, parseJson(text))
  if (!parsed.success)
    throw new Error(`${DENY_LIST_KEY} must be {"subjects": [...], "tokens": [...]}`)
  return toDenyList(parsed.output.subjects, parsed.output.tokens)
}

function toDenyList(subjects: readonly string[], tokens: readonly string[]): DenyList {
  return { subs: new Set(subjects), jtis: new Set(tokens) }
}
