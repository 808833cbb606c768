import { parseJson } from '../../shared/text'
import { callCloud, isMissing, toFailure } from '../cloud-api'
import type { Finding } from '../findings'
import { findOverlaps, type LiveTrigger, type OssPlace, ossPlaces } from './triggers'

/** A function of the manifest. */
export type WantedFunction = {
  functionName: string
  environmentVariables?: Readonly<Record<string, string>>
  triggers?: readonly LiveTrigger[]
} & Readonly<Record<string, unknown>>

type FunctionContext = { endpoint: string; functions: readonly WantedFunction[] }

const VERSION = '2023-03-30'
const COMPARED = ['runtime', 'handler', 'memorySize', 'cpu', 'timeout', 'role'] as const
const RIGHTS = 'fc:GetFunction, fc:ListTriggers, fc:ListFunctions and fc:ListConcurrencyConfigs'
const FIX = 's deploy'
const PAGE = '100'
// Each function is a call.
const MAX_OTHERS = 200

/** Compares the functions that are live with those of the manifest, and looks at what other functions take from them. */
export async function examineFunctions(context: FunctionContext): Promise<Finding[]> {
  const groups = await Promise.all([
    ...context.functions.map((wanted) => examineFunction(wanted, context)),
    examineOthers(context),
    examineReservations(context),
  ])
  return groups.flat()
}

async function examineFunction(
  wanted: WantedFunction,
  { endpoint }: FunctionContext,
): Promise<Finding[]> {
  const { functionName: name } = wanted
  try {
    const [live, triggers] = await Promise.all([
      ask(endpoint, 'GetFunction', `functions/${name}`),
      listTriggers(endpoint, name),
    ])
    const drift = [...compare(wanted, Object(live)), ...compareTriggers(wanted, triggers)]
    if (drift.length === 0) return [{ state: 'ok', subject: name, what: 'is as in the manifest' }]
    return drift.map((what) => ({ state: 'wrong', subject: name, what, fix: FIX }))
  } catch (error) {
    if (!isMissing(error)) return [toFailure(error, name, RIGHTS)]
    return [{ state: 'wrong', subject: name, what: 'is not deployed', fix: FIX }]
  }
}

function compare(wanted: WantedFunction, live: Record<string, unknown>): string[] {
  const fields = COMPARED.filter(
    (field) => wanted[field] !== undefined && toText(wanted[field]) !== toText(live[field]),
  )
  const expected = wanted.environmentVariables ?? {}
  const found = Object.keys(Object(live.environmentVariables))
  // An empty value is as good as none.
  const lacking = Object.keys(expected).filter((name) => expected[name] && !found.includes(name))
  const extra = found.filter((name) => !Object.hasOwn(expected, name))
  return [
    ...fields.map(
      (field) => `has ${field} ${String(live[field])}; the manifest has ${String(wanted[field])}`,
    ),
    ...(lacking.length > 0 ? [`lacks the variables ${lacking.join(', ')}`] : []),
    ...(extra.length > 0
      ? [`has variables that are not in the manifest: ${extra.join(', ')}`]
      : []),
  ]
}

// Names of roles have no case.
function toText(value: unknown): string {
  return String(value).toLowerCase()
}

function compareTriggers(wanted: WantedFunction, live: readonly LiveTrigger[]): string[] {
  const expected = new Set((wanted.triggers ?? []).map(toKey))
  const found = new Set(live.map(toKey))
  const without = (set: Set<string>, other: Set<string>) =>
    [...set].filter((key) => !other.has(key))
  return [
    ...without(expected, found).map((key) => `lacks the trigger ${key}`),
    ...without(found, expected).map((key) => `has a trigger that is not in the manifest: ${key}`),
  ]
}

function toKey(trigger: LiveTrigger): string {
  const [place] = ossPlaces([trigger])
  return place ? `oss of ${place.bucket}/${place.prefix}` : trigger.triggerType
}

async function examineOthers({ endpoint, functions }: FunctionContext): Promise<Finding[]> {
  const subject = 'triggers'
  const wanted = functions.flatMap(({ triggers = [] }) => ossPlaces(triggers))
  try {
    const all = await listAll(endpoint, 'ListFunctions', 'functions')
    const own = functions.map(({ functionName }) => functionName)
    const others = all
      .map((each) => String(each.functionName))
      .filter((name) => !own.includes(name))
    const looked = others.slice(0, MAX_OTHERS)
    const live: (OssPlace & { functionName: string })[] = []
    for (const functionName of looked) {
      const places = ossPlaces(await listTriggers(endpoint, functionName))
      live.push(...places.map((place) => ({ ...place, functionName })))
    }
    const found = findOverlaps(wanted, live)
    if (found.length > 0) return found
    if (others.length > MAX_OTHERS) {
      const what = `of ${MAX_OTHERS} other functions were looked at; there are ${others.length}`
      return [{ state: 'unknown', subject, what, fix: 'look at the bucket in the OSS console' }]
    }
    const what = `of ${others.length} other functions leave the bucket to these`
    return [{ state: 'ok', subject, what }]
  } catch (error) {
    return [toFailure(error, subject, RIGHTS)]
  }
}

async function examineReservations({ endpoint }: FunctionContext): Promise<Finding[]> {
  const subject = 'reservations'
  try {
    const configs = await listAll(endpoint, 'ListConcurrencyConfigs', 'concurrency-configs')
    const reserved = configs.filter(({ reservedConcurrency }) => Number(reservedConcurrency) > 0)
    if (reserved.length === 0) {
      return [{ state: 'ok', subject, what: 'of instances are none in this account and region' }]
    }
    const list = reserved.map(
      ({ functionArn, reservedConcurrency }) =>
        `${String(functionArn).replace(/^.*functions\//, '')} ${String(reservedConcurrency)}`,
    )
    return [
      {
        ...{ state: 'wrong', subject, what: `take instances from all others: ${list.join(', ')}` },
        why: 'the quota of a new account is 100 instances, of which these are never free',
        fix: 'remove them, or ask for a higher quota',
      },
    ]
  } catch (error) {
    return [toFailure(error, subject, RIGHTS)]
  }
}

async function listTriggers(endpoint: string, name: string): Promise<LiveTrigger[]> {
  const all = await listAll(endpoint, 'ListTriggers', `functions/${name}/triggers`)
  return all.map((each) => ({
    triggerType: String(each.triggerType),
    sourceArn: String(each.sourceArn ?? ''),
    triggerConfig: Object(parseJson(String(each.triggerConfig))),
  }))
}

/** Returns every page of a list: the first member of an answer that is one. */
async function listAll(endpoint: string, action: string, path: string) {
  const all: Record<string, unknown>[] = []
  let nextToken: string | undefined
  do {
    const query = { limit: PAGE, ...(nextToken && { nextToken }) }
    const answer = Object(await ask(endpoint, action, path, query)) as Record<string, unknown>
    const page = Object.values(answer).find((value) => Array.isArray(value))
    all.push(...((page ?? []) as Record<string, unknown>[]))
    nextToken = answer.nextToken ? String(answer.nextToken) : undefined
  } while (nextToken)
  return all
}

function ask(endpoint: string, action: string, path: string, query: Record<string, string> = {}) {
  return callCloud({ endpoint, version: VERSION, action, path: `/${VERSION}/${path}`, query })
}
