import { createHash } from 'node:crypto'
import { Agent, request as sendHttp } from 'node:http'
import { resolve } from 'node:path'
import { buildKey } from '../../shared/policy/key'
import type { Rule } from '../../shared/rules/rule'
import type { Rules } from '../../shared/rules/rules'
import { signHeaders } from '../../shared/signing/header'
import type { Method } from '../../shared/signing/url'
import type { Credentials } from '../../shared/signing/v4'
import { exampleFile } from '../../tools/caller-report'
import { loadRules } from '../../tools/load-rules'
import { type LocalCloud, startLocalCloud } from '../start'
import type { TestCaller } from './assert'

type Reply = { status: number; headers: NodeJS.Dict<string | string[]>; body: string }

type Sent = { method: string; url: string; headers?: Record<string, string>; body?: Buffer }

/** A cloud with the rules under test and two callers. */
export type Target = {
  rules: Rules
  attacker: TestCaller
  victim: TestCaller
  /** Resolves to a function's response to this caller, or to the bearer of this token. */
  ask: (
    path: string,
    body: object,
    caller?: TestCaller | string,
  ) => Promise<{ status: number; answer: Answer }>
  send: (sent: Sent) => Promise<Reply>
  /** Sends one request to OSS signed in its header, by the account if no credentials are passed. */
  sendSigned: (order: Signed) => Promise<Reply>
  /** Moves the clock of the cloud forward. */
  wait: (seconds: number) => void
  close: () => Promise<void>
}

/** The members of our responses that attacks use. */
export type Answer = {
  code?: string
  key?: string
  url: string
  headers: Record<string, string>
  fields: Record<string, string>
  credentials: Required<Credentials>
  prefix: string
  expiresAt: string
}

type Signed = {
  rule: Rule
  method: Method
  key: string
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: Buffer
  credentials?: Credentials
}

/** Starts a cloud with these rules for these callers. */
export async function openTarget(options: {
  rulesFile: string
  attacker: TestCaller
  victim: TestCaller
}): Promise<Target> {
  const rulesFile = resolve(options.rulesFile)
  // Log lines of honest uploads and refusals are not of interest here.
  const log = () => undefined
  const cloud = await startLocalCloud({ port: 0, rules: rulesFile, quiet: true, log })
  const agent = new Agent({ keepAlive: true })
  const send = (sent: Sent) => sendRequest(agent, sent)
  const close = async () => {
    agent.destroy()
    await cloud.close()
  }
  try {
    const rules = await loadRules(rulesFile)
    return { ...options, rules, send, close, ...toActions(cloud, send, options.attacker) }
  } catch (error) {
    await close()
    throw error
  }
}

function toActions(cloud: LocalCloud, send: Target['send'], attacker: TestCaller) {
  const { info, clock } = cloud
  const post = (url: string, body: object, headers = {}) =>
    send({ method: 'POST', url, headers, body: Buffer.from(JSON.stringify(body)) })
  const issue = async ({ sub, claims = {} }: TestCaller): Promise<string> => {
    // The issuer sets the subject.
    const { sub: _, ...others } = claims
    const { status, body } = await post(`${info.gateway}/local/token`, { sub, claims: others })
    if (status !== 200) throw new Error(`There is no token for ${sub}: ${body}`)
    return JSON.parse(body).token
  }
  const ask: Target['ask'] = async (path, body, caller = attacker) => {
    const token = typeof caller === 'string' ? caller : await issue(caller)
    const reply = await post(`${info.gateway}${path}`, body, { authorization: `Bearer ${token}` })
    return { status: reply.status, answer: JSON.parse(reply.body) }
  }
  const sendSigned: Target['sendSigned'] = ({ rule, body, credentials = info, ...order }) => {
    const bucket = rule.bucket ?? info.bucket
    const target = { bucket, region: info.region, endpoint: info.oss, addressing: 'path' as const }
    const now = Math.floor(clock.now() / 1000)
    return send({ ...signHeaders({ ...order, target, credentials, now }), ...(body && { body }) })
  }
  const wait = (seconds: number) => clock.set(clock.now() + seconds * 1000)
  return { ask, sendSigned, wait }
}

function sendRequest(agent: Agent, { method, url, headers, body }: Sent): Promise<Reply> {
  return new Promise((done, fail) => {
    const length = { 'content-length': String(body?.length ?? 0) }
    const outgoing = sendHttp(
      url,
      { method, agent, headers: { ...headers, ...length } },
      (reply) => {
        const chunks: Buffer[] = []
        reply
          .on('data', (chunk: Buffer) => chunks.push(chunk))
          .on('end', () => {
            const { statusCode: status = 0, headers } = reply
            done({ status, headers, body: Buffer.concat(chunks).toString() })
          })
      },
    )
    outgoing.on('error', fail).end(body)
  })
}

/** Returns an honest upload under a rule: the request and the bytes. */
export function exampleUpload(rule: Rule) {
  const file = exampleFile(rule)
  const bytes = Buffer.alloc(file.contentLength, 'a')
  const contentMd5 = createHash('md5').update(bytes).digest('base64')
  return { request: { rule: rule.name, ...file }, bytes, contentMd5 }
}

/** Returns a key of a caller under the rule. */
export function exampleKey(rule: Rule, { sub }: TestCaller): string {
  const uuid = '0b7c1c7e-3d0e-4c57-9a30-5b8a8f0f3a11'
  const now = Math.floor(Date.now() / 1000)
  return buildKey(rule.template, { sub, filename: exampleFile(rule).filename, uuid, now })
}
