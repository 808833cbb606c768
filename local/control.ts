import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { Refusal } from '../shared/errors'
import { problem } from '../shared/http/answer'
import { parseRequest } from '../shared/policy/faults'
import { exact, whole } from '../shared/schema'
import type { Clock } from './clock'
import type { GatewayAnswer } from './fc/answer'
import type { LocalRoute } from './fc/gateway'
import type { Journal } from './journal'
import type { FaultRule } from './oss/faults'

const MAX_MS = 8.64e15
const MAX_DELAY_MS = 600_000

const clockWish = exact({
  time: v.union([
    v.pipe(
      v.string(),
      v.check((text) => !Number.isNaN(Date.parse(text))),
    ),
    whole(-MAX_MS, MAX_MS),
  ]),
})

const text = v.pipe(v.string(), v.minLength(1))

const faultsWish = exact({
  faults: v.array(
    exact({
      match: exact({
        method: v.optional(text),
        bucket: v.optional(text),
        key: v.optional(text),
        operation: v.optional(text),
      }),
      respond: v.union([
        v.literal(503),
        v.picklist(['reset', 'truncate']),
        exact({ delayMs: whole(0, MAX_DELAY_MS) }),
      ]),
      times: v.optional(whole(1)),
    }),
  ),
})

/** What tests in any language steer the cloud with, on the gateway's `/local` paths. */
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
      clock.set(parseRequest(clockWish, body).time)
      return { time: new Date(clock.now()).toISOString() }
    }),
    post('/local/faults', (body) => {
      const faults = parseFaults(body)
      setFaults(faults)
      return { faults }
    }),
  ]
}

/** The faults in a request; throws `request_malformed` with everything that is wrong with them. */
export function parseFaults(body: unknown): FaultRule[] {
  // JSON has no undefined: what is optional is there or absent.
  return parseRequest(faultsWish, body).faults as FaultRule[]
}

/** A route that answers JSON. */
export function get(path: string, answer: () => unknown): LocalRoute {
  return { method: 'GET', path, answer: async () => toJson(await answer()) }
}

/** A route that takes JSON and answers JSON, or the problem document of the refusal thrown. */
export function post(path: string, answer: (body: unknown) => unknown): LocalRoute {
  return {
    method: 'POST',
    path,
    answer: async (body) => {
      try {
        return toJson(await answer(parseJson(body)))
      } catch (error) {
        if (error instanceof Refusal) return toProblem(error)
        throw error
      }
    },
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (cause) {
    const faults = [{ path: '', message: 'is not JSON' }]
    throw new Refusal('request_malformed', {}, { cause, faults })
  }
}

function toJson(value: unknown): GatewayAnswer {
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }
  return { status: 200, headers, body: Buffer.from(JSON.stringify(value)) }
}

function toProblem(refusal: Refusal): GatewayAnswer {
  const { status, headers, body } = problem(refusal, randomUUID())
  return { status, headers: { ...headers }, body: Buffer.from(body) }
}
