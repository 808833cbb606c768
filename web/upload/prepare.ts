import { OssDirectError } from '../../client'
import { chooseWay } from '../../client/check-file'
import { clientFor, rulesOf } from '../session/session'
import type { User } from '../session/users'
import { findFileIssue } from './check'
import { refusedFile, toFailure } from './failure'
import type { LiveTransfer } from './live-transfer'
import { findStored, pathBeside, type TakenName } from './taken-names'
import { isActive, type Transfer } from './transfer'
import type { UploadRule } from './way'

// Smaller ones are sent in one request by ali-oss.
const LEAST_PARTS = 100 * 1024

const asking = new Map<string, ReturnType<typeof rulesOf>>()

/** Checks a file before anything of it is sent, and sets the state that follows: it waits for its turn, asks, or has failed. */
export async function prepare(
  transfer: LiveTransfer,
  { others, isDecided }: { others: readonly Transfer[]; isDecided: boolean },
): Promise<void> {
  transfer.set({ phase: 'checking', sentBytes: 0 })
  try {
    const rule = await findRule(transfer)
    const failure = findFileIssue(transfer, rule)
    if (failure) throw failure
    transfer.goesOnLater = isByParts(transfer, rule)
    const taken = isDecided ? undefined : await findTaken(transfer, rule, others)
    if (transfer.state.peek().phase !== 'checking') return
    transfer.set(taken ? { phase: 'asking', taken } : { phase: 'waiting' })
  } catch (error) {
    if (transfer.state.peek().phase === 'checking') {
      transfer.set({ phase: 'failed', failure: toFailure(error) })
    }
  }
}

/** Renames a transfer whose name is taken, so that both files are kept. */
export async function renameBeside(
  transfer: LiveTransfer,
  others: readonly Transfer[],
): Promise<void> {
  const rule = await findRule(transfer)
  const { path } = transfer
  for (let count = 2; ; count++) {
    transfer.rename(pathBeside(path, count))
    if (!(await findTaken(transfer, rule, others))) return
  }
}

async function findRule({ user, rule: name }: Transfer): Promise<UploadRule> {
  const rule = (await freshRules(user)).find((each) => each.name === name)
  if (rule?.upload) return rule as UploadRule
  throw refusedFile('rule_not_found', ['fail.noRule', 'fail.noRule.advice'])
}

// With STS, OSS does not enforce all of a rule, so the rules must be those of now: one request for all files that ask meanwhile.
function freshRules(user: User): ReturnType<typeof rulesOf> {
  const name = JSON.stringify(user)
  const rules = asking.get(name) ?? rulesOf(user).finally(() => asking.delete(name))
  asking.set(name, rules)
  return rules
}

function isByParts({ way, file }: Transfer, rule: UploadRule): boolean {
  if (way === 'sts') return file.size >= LEAST_PARTS
  if (way !== 'auto') return way === 'parts'
  try {
    return chooseWay(rule, file.size) === 'parts'
  } catch (error) {
    if (error instanceof OssDirectError) return false
    throw error
  }
}

async function findTaken(
  transfer: Transfer,
  rule: UploadRule,
  others: readonly Transfer[],
): Promise<TakenName | undefined> {
  const { path, user } = transfer
  const isReplaceable = rule.upload.overwrite
  const own = others.find((other) => other !== transfer && hasSameName(other, transfer))
  const { key } = own?.uploaded.value ?? {}
  // A key without the path in it is one of its own for each file.
  if (own && key?.endsWith(path)) {
    return { isReplaceable, stored: { size: own.file.size, lastModified: Date.now() } }
  }
  const stored = await findStored({ client: clientFor(user), sub: user.sub, rule }, path)
  if (stored) return { isReplaceable, stored }
  return own && isActive(own) && isReplaceable ? { isReplaceable } : undefined
}

function hasSameName(one: Transfer, other: Transfer): boolean {
  return one.user.sub === other.user.sub && one.rule === other.rule && one.path === other.path
}
