import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { Refusal } from '../shared/errors'
import { problem } from '../shared/http/answer'
import { parseRequest } from '../shared/schema/issues'
import { integer, strictObject } from '../shared/schema/schema'
import type { Clock } from './clock'
import { parseFaults } from './fault-rules'
import type { LocalRoute } from './fc/gateway'
import type { GatewayAnswer } from './fc/gateway-answer'
import { InputError, isoTime } from './input'
import type { Journal } from './journal'
import type { FaultRule } from './oss/faults'

const MAX_MS = 8.64e15

const clockRequest = strictObject({ time: v.union([isoTime, integer(-MAX_MS, MAX_MS)]) })

/** Returns the routes below `/local` by which tests in any language control the cloud. */
export function controlRoutes(cloud: {
  info: object
  clock: Clock
  journal: Journal
  setFaults: (rules: readonly FaultRule[]) => void
}): LocalRoute[] {
  const { info, clock, journal, setFaults } = cloud
  return [
    get('/local/info', () => info),
    get('/local/requests', () => ({ requests: journal.requests() })),
    post('/local/clock', (body) => {
      clock.set(parseRequest(clockRequest, body).time)
      return { time: new Date(clock.now()).toISOString() }
    }),
    post('/local/faults', (body) => {
      const faults = parseFaults(body)
      setFaults(faults)
      return { faults }
    }),
  ]
}

/** Returns a GET route with a JSON response. */
export function get(path: string, answer: () => unknown): LocalRoute {
  return { method: 'GET', path, answer: async () => toJson(await answer()) }
}

/**
 * Returns a POST route with a JSON body and a JSON response; a thrown refusal becomes a problem
 * document.
 */
export function post(path: string, answer: (body: unknown) => unknown): LocalRoute {
  return {
    method: 'POST',
    path,
    answer: async (body) => {
      try {
        return toJson(await answer(parseJson(body)))
      } catch (error) {
        return toProblem(toRefusal(error))
      }
    },
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (cause) {
    const issues = [{ path: '', message: 'is not JSON' }]
    throw new Refusal('request_malformed', {}, { cause, issues })
  }
}

function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (!(error instanceof InputError)) throw error
  return new Refusal('request_malformed', {}, { cause: error, issues: error.issues })
}

function toJson(value: unknown): GatewayAnswer {
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }
  return { status: 200, headers, body: Buffer.from(JSON.stringify(value)) }
}

function toProblem(refusal: Refusal): GatewayAnswer {
  const { status, headers, body } = problem(refusal, randomUUID())
  return { status, headers: { ...headers }, body: Buffer.from(body) }
}
