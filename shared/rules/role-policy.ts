import { kmsKeyIdOf } from './rights'
import type { Mechanism, Rule } from './rule'
import type { Rules } from './rules'
import {
  ACTIONS,
  denyOtherAcls,
  kmsStatement,
  listStatement,
  type RamPolicy,
  type RamStatement,
  toObjects,
} from './session-policy'

/** The policies of the functions' roles, and of the role that callers' sessions assume (`delegate`). */
export type RolePolicies = Readonly<
  Record<
    | 'sts'
    | 'signed-url'
    | 'post-policy'
    | 'upload-callback'
    | 'upload-event'
    | 'upload-sweep'
    | 'delegate',
    RamPolicy
  >
>

/** What the policies depend on beside the rules. */
export type RoleContext = {
  /** The bucket of rules that name none. */
  bucket: string
  accountId: string
  delegateRoleArn: string
  /** The key of the deny list. */
  denyListKey?: string
  /** The prefix of the ledger's markers. */
  ledgerPrefix?: string
  /** The prefix of the events that are not delivered yet. */
  owedPrefix?: string
  /** The function that receives upload events. */
  consumer?: string
  /** The names of two deployed functions: each invokes the other with events of OSS that failed for good. */
  functionNames?: { event: string; sweep: string }
}

const PUT = ['oss:PutObject']
const MARK = ['oss:PutObject', 'oss:GetObject']

/** Returns the minimum policy of each role for these rules. */
export function rolePolicies(rules: Rules, context: RoleContext): RolePolicies {
  const all = [...rules.values()]
  const uploads = (...by: Mechanism[]) =>
    all.filter((rule) => by.some((mechanism) => rule.upload?.mechanisms.includes(mechanism)))
  const downloads = (by: Mechanism) => all.filter((rule) => rule.download?.mechanisms.includes(by))
  const objects = (rules: readonly Rule[], actions: readonly string[]) =>
    allowObjects(rules, actions, context)
  const denied = allowDenyList(context)
  const proof = [
    ...denied,
    ...objects(uploads('sts', 'url', 'form'), ACTIONS.read),
    ...allowKms(
      [],
      all.filter(({ upload }) => upload?.sniff),
    ),
    ...allowMarks(context, ['oss:PutObject', 'oss:DeleteObject']),
    ...allowInvoke(context, context.consumer),
  ]
  return {
    sts: toPolicy([
      ...(uploads('sts').length + downloads('sts').length > 0 ? allowAssume(context) : []),
      ...denied,
    ]),
    'signed-url': toPolicy([
      ...denied,
      ...objects(uploads('url').filter(isWhole), PUT),
      ...objects(uploads('url').filter(isInParts), ACTIONS.write),
      ...objects(downloads('url'), ACTIONS.read),
      ...objects(
        all.filter(({ remove }) => remove),
        ['oss:DeleteObject'],
      ),
      ...allowLists(
        all.filter(({ list }) => list),
        context,
      ),
      ...allowKms(uploads('url'), downloads('url')),
    ]),
    'post-policy': toPolicy([
      ...denied,
      ...objects(uploads('form'), PUT),
      ...denyAcls(uploads('form'), context),
      ...allowKms(uploads('form'), []),
    ]),
    'upload-callback': toPolicy(proof),
    'upload-event': toPolicy([...proof, ...allowInvoke(context, context.functionNames?.sweep)]),
    'upload-sweep': toPolicy([
      ...allowMarks(context, ['oss:GetObject', 'oss:PutObject', 'oss:DeleteObject']),
      ...allowOwedList(context),
      ...allowInvoke(context, context.consumer),
      ...allowInvoke(context, context.functionNames?.event),
    ]),
    delegate: toPolicy([
      ...objects(uploads('sts'), ACTIONS.write),
      ...objects(downloads('sts'), ACTIONS.read),
      ...allowLists(
        downloads('sts').filter(({ download }) => download?.list),
        context,
      ),
      ...allowKms(uploads('sts'), downloads('sts')),
    ]),
  }
}

function isInParts({ upload }: Rule): boolean {
  return upload?.multipart !== undefined
}

function isWhole(rule: Rule): boolean {
  return !isInParts(rule)
}

// RAM has no empty policy, so a role without rights gets a Deny.
function toPolicy(statements: readonly RamStatement[]): RamPolicy {
  const nothing: RamStatement = { Effect: 'Deny', Action: ['*'], Resource: ['*'] }
  return { Version: '1', Statement: statements.length > 0 ? [...statements] : [nothing] }
}

function allowObjects(
  rules: readonly Rule[],
  actions: readonly string[],
  context: RoleContext,
): RamStatement[] {
  const resources = rules.map((rule) =>
    toObjects(rule.bucket ?? context.bucket, rule.template.literalPrefix),
  )
  return allow(actions, resources)
}

function allow(actions: readonly string[], resources: readonly string[]): RamStatement[] {
  const Resource = [...new Set(resources)].sort()
  return Resource.length === 0 ? [] : [{ Effect: 'Allow', Action: [...actions], Resource }]
}

/**
 * Denies other ACLs to a role that signs forms of these rules: the form of a rule that gives up its ACL has no condition on
 * that field, so its signer may set no other one. `rules` are all whose uploads the role signs.
 */
export function denyAcls(rules: readonly Rule[], context: RoleContext): RamStatement[] {
  const toPlace = (rule: Rule) =>
    toObjects(rule.bucket ?? context.bucket, rule.template.literalPrefix).slice(0, -1)
  return rules.filter(givesUpAcl).map((rule) => {
    const place = toPlace(rule)
    const neighbours = rules.filter(
      (other) => toPlace(other).startsWith(place) || place.startsWith(toPlace(other)),
    )
    const acls = neighbours.map(({ upload }) => upload?.headers['x-oss-object-acl'] ?? 'private')
    return denyOtherAcls([`${place}*`], [...new Set(acls)].sort())
  })
}

function givesUpAcl({ upload }: Rule): boolean {
  return upload?.unenforced.form?.includes('acl') ?? false
}

function allowAssume({ accountId, delegateRoleArn }: RoleContext): RamStatement[] {
  const name = delegateRoleArn.slice(delegateRoleArn.indexOf(':role/'))
  return allow(['sts:AssumeRole', 'sts:SetSourceIdentity'], [`acs:ram:*:${accountId}${name}`])
}

function allowLists(rules: readonly Rule[], context: RoleContext): RamStatement[] {
  const buckets = [...new Set(rules.map((rule) => rule.bucket ?? context.bucket))]
  return buckets.map((bucket) => {
    const own = rules.filter((rule) => (rule.bucket ?? context.bucket) === bucket)
    return listStatement(bucket, [...new Set(own.map(({ template }) => template.literalPrefix))])
  })
}

function allowKms(writing: readonly Rule[], reading: readonly Rule[]): RamStatement[] {
  const written = keyIdsOf(writing)
  const read = keyIdsOf(reading).filter((id) => !written.includes(id))
  return [
    ...(written.length > 0 ? [kmsStatement('write', written)] : []),
    ...(read.length > 0 ? [kmsStatement('read', read)] : []),
  ]
}

function keyIdsOf(rules: readonly Rule[]): string[] {
  return [...new Set(rules.flatMap((rule) => kmsKeyIdOf(rule) ?? []))].sort()
}

function allowDenyList({ bucket, denyListKey }: RoleContext): RamStatement[] {
  return denyListKey === undefined
    ? []
    : allow(['oss:GetObject'], [`acs:oss:*:*:${bucket}/${denyListKey}`])
}

// What is settled stays; what is owed is removed when it is delivered.
function allowMarks(
  { bucket, ledgerPrefix, owedPrefix }: RoleContext,
  onOwed: readonly string[],
): RamStatement[] {
  return [
    ...(ledgerPrefix === undefined ? [] : allow(MARK, [toObjects(bucket, ledgerPrefix)])),
    ...(owedPrefix === undefined ? [] : allow(onOwed, [toObjects(bucket, owedPrefix)])),
  ]
}

function allowOwedList({ bucket, owedPrefix }: RoleContext): RamStatement[] {
  return owedPrefix === undefined ? [] : [listStatement(bucket, [owedPrefix])]
}

function allowInvoke({ accountId }: RoleContext, name: string | undefined): RamStatement[] {
  if (name === undefined) return []
  return allow(['fc:InvokeFunction'], [`acs:fc:*:${accountId}:functions/${name}`])
}
