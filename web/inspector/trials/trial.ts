import type { OssDirect, RuleDescription, SendResponse } from '../../../client'
import type { Transfer } from '../../upload/transfer'
import { fromJson, toRecord } from '../decode'
import type { RealWay } from '../story'

/** What is tried. */
export type TrialName = 'type' | 'size' | 'user' | 'key'

/** What came of a trial. */
export interface TrialResult {
  /** Who answered; nobody where there was no answer. */
  by: 'oss' | 'functions' | 'nobody'
  status: number
  code: string
  /** Set where it went through: what was stored, or what another user got. */
  key?: string
}

/** What a trial is about: the upload whose like is tried. */
export interface TrialInput {
  transfer: Transfer
  way: RealWay
  /** The key of the user's own file, which is never written to. */
  key: string
}

/** Another user, whom no rule knows by name. */
export const OTHER_USER = 'mallory'
/** A type that no rule allows by name. */
export const OTHER_TYPE = 'text/x-what-if'
const FEWEST_BYTES = 8

/** Returns a few bytes under a name of their own, in the type of the file. */
export function toProbe({ transfer }: TrialInput, rule: RuleDescription | undefined): File {
  const extension = /\.[a-z0-9]{1,8}$/i.exec(transfer.path)?.[0] ?? ''
  const name = `what-if-${Math.random().toString(36).slice(2, 10)}${extension}`
  const bytes = Math.max(FEWEST_BYTES, rule?.upload?.minBytes ?? 0)
  return new File([new Uint8Array(bytes)], name, { type: transfer.file.type })
}

/** Removes what a trial stored, where the rule allows it. */
export async function discard(client: OssDirect, key: string, rule: string): Promise<void> {
  // A rule without `remove` keeps the few bytes.
  await client.remove(key, { rule }).catch(() => undefined)
}

/** Returns the code in an error of OSS or the functions. */
export function codeOf({ status, text }: SendResponse): string {
  const { code } = toRecord(fromJson(text)) ?? {}
  return typeof code === 'string' ? code : (/<Code>([^<]*)/.exec(text)?.[1] ?? String(status))
}

/** Returns a rule of a client's user. */
export async function ruleOf(
  client: OssDirect,
  name: string,
): Promise<RuleDescription | undefined> {
  const rules = await client.rules()
  return rules.find((rule) => rule.name === name)
}
