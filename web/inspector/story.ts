import type { SendRequest } from '../../client'
import { claimsOf, fromBase64Json, fromJson, toRecord } from './decode'
import type { Exchange } from './trace'

/** The way a transfer really went. */
export type RealWay = 'put' | 'form' | 'parts' | 'sts'

/** The requests of a transfer: to the functions, and to OSS. */
export interface Story {
  way: RealWay
  /** Without the question for the rules, which is not about this file. */
  asks: readonly Exchange[]
  sends: readonly Exchange[]
  /** The latest answer that gave a permission, and where it was refused, the problem. */
  answer: Record<string, unknown> | undefined
  key: string | undefined
  ticket: string | undefined
}

const BEGINNINGS: readonly unknown[] = ['put', 'multipart']
const ASKED = /\/(signed-url|post-policy|sts)$/

/** Tells the requests of a transfer apart. */
export function readStory(exchanges: readonly Exchange[], isSts: boolean): Story {
  // A transfer that was tried again is told from its last beginning.
  const latest = exchanges.slice(Math.max(0, exchanges.findLastIndex(isBeginning)))
  const asks = latest.filter(({ request }) => isAsk(request) && operationOf(request) !== 'rules')
  const sends = latest.filter(({ request }) => !isAsk(request))
  const answers = asks.map(({ response }) => toRecord(fromJson(response?.text)))
  const named = answers.findLast((answer) => typeof answer?.key === 'string')
  const tickets = [...sends.map(({ request }) => ticketIn(request)), textOf(named?.ticket)]
  return {
    way: isSts ? 'sts' : wayOf(asks),
    ...{ asks, sends },
    answer: named ?? answers.at(-1),
    key: textOf(named?.key),
    ticket: tickets.findLast((ticket) => ticket !== undefined),
  }
}

/** Whether a request is a question to the functions. */
export function isAsk({ url }: SendRequest): boolean {
  return ASKED.test(new URL(url).pathname)
}

/** Returns the ticket that a request to OSS carries. */
function ticketIn({ url, fields }: SendRequest): string | undefined {
  const variables = new URL(url).searchParams.get('callback-var')
  return fields?.['x:ticket'] ?? textOf(fromBase64Json(variables ?? '')?.['x:ticket'])
}

/** Returns the claims of the ticket, without its signature. */
export function ticketClaims(ticket: string | undefined): [string, string][] {
  const claims = Object.entries(claimsOf(ticket ?? '') ?? {})
  return claims.map(([name, value]) => [name, toText(name, value)])
}

function isBeginning({ request }: Exchange): boolean {
  if (!isAsk(request)) return false
  return request.url.endsWith('/post-policy') || BEGINNINGS.includes(operationOf(request))
}

function operationOf({ body }: SendRequest): unknown {
  return typeof body === 'string' ? toRecord(fromJson(body))?.operation : undefined
}

function wayOf(asks: readonly Exchange[]): RealWay {
  const [first] = asks
  if (first?.request.url.endsWith('/post-policy')) return 'form'
  return String(first && operationOf(first.request)).startsWith('multipart') ? 'parts' : 'put'
}

function toText(name: string, value: unknown): string {
  const isTime = (name === 'iat' || name === 'exp') && typeof value === 'number'
  return isTime ? new Date(value * 1000).toISOString() : [value].flat().join(', ')
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
