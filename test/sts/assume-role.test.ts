import type { Refusal } from '../../shared/errors'
import { problem } from '../../shared/http/answer'
import {
  assumeRoleOnce,
  createSessionCache,
  MAX_OPENED,
  type StsCall,
} from '../../shared/sts/assume-role'
import type { AssumeRoleInput } from '../../shared/sts/sts-sdk'
import { toIsoTime } from '../../shared/time'

const NOW = 1_700_000_000
const ORDER: AssumeRoleInput = {
  endpoint: 'https://sts.cn-hangzhou.aliyuncs.com',
  accessKeyId: 'STS.function',
  accessKeySecret: 'function-secret',
  securityToken: 'function-token',
  roleArn: 'acs:ram::1234567890123456:role/delegate',
  roleSessionName: 'alice',
  sourceIdentity: 'alice',
  policy: '{"Version":"1","Statement":[]}',
  durationSeconds: 900,
}

function counter(behaviour: (count: number) => Error | undefined = () => undefined) {
  const calls: AssumeRoleInput[] = []
  const call: StsCall = async (input) => {
    const count = calls.push(input)
    await new Promise(setImmediate)
    const error = behaviour(count)
    if (error) throw error
    return {
      accessKeyId: `STS.${count}`,
      accessKeySecret: 'secret',
      securityToken: 'token',
      expiration: toIsoTime(NOW + 900),
    }
  }
  return { calls, call }
}

function failure(facts: object): Error {
  return Object.assign(new Error('https://sts/?Policy=hush'), facts)
}

it('asks once for many callers at the same time and keeps the answer', async () => {
  const { calls, call } = counter()
  const memory = { sessions: createSessionCache(), now: NOW, call }
  const orders = Array.from({ length: 1000 }, (_, index) => ({
    ...ORDER,
    roleSessionName: `caller-${index % 10}`,
  }))
  const roles = await Promise.all(orders.map((order) => assumeRoleOnce(order, memory)))
  expect(calls).toHaveLength(10)
  expect(new Set(roles.map(({ accessKeyId }) => accessKeyId)).size).toBe(10)
})

it('asks again from 5 minutes before the end', async () => {
  const { calls, call } = counter()
  const sessions = createSessionCache()
  await assumeRoleOnce(ORDER, { sessions, now: NOW, call })
  await assumeRoleOnce(ORDER, { sessions, now: NOW + 599, call })
  expect(calls).toHaveLength(1)
  await assumeRoleOnce(ORDER, { sessions, now: NOW + 600, call })
  expect(calls).toHaveLength(2)
})

it.each([
  ['role', { roleArn: 'acs:ram::1:role/other' }],
  ['session name', { roleSessionName: 'bob' }],
  ['source identity', { sourceIdentity: 'bob' }],
  ['policy', { policy: '{"Version":"1","Statement":[{}]}' }],
  ['duration', { durationSeconds: 901 }],
])('never lends credentials of another %s', async (_, change) => {
  const { calls, call } = counter()
  const memory = { sessions: createSessionCache(), now: NOW, call }
  const first = await assumeRoleOnce(ORDER, memory)
  const second = await assumeRoleOnce({ ...ORDER, ...change }, memory)
  expect(calls).toHaveLength(2)
  expect(second.accessKeyId).not.toBe(first.accessKeyId)
})

it('keeps at most 1,000 sessions', async () => {
  const { call } = counter()
  const sessions = createSessionCache()
  for (let index = 0; index < 1010; index += 1) {
    const order = { ...ORDER, roleSessionName: `caller-${index}` }
    await assumeRoleOnce(order, { sessions, now: NOW, call })
  }
  expect(sessions.kept.size).toBe(1000)
})

describe('one caller', () => {
  const askFor = (index: number, now: number, sessions = createSessionCache()) =>
    assumeRoleOnce(
      { ...ORDER, durationSeconds: 900 + index },
      { sessions, now, call: counter().call },
    )

  it('opens 20 sessions a minute in an instance, and is told when to come back', async () => {
    const sessions = createSessionCache()
    for (let index = 0; index < MAX_OPENED; index += 1) await askFor(index, NOW + 1, sessions)
    const refused = await askFor(MAX_OPENED, NOW + 11, sessions).catch((error: unknown) => error)
    expect(refused).toMatchObject({ reason: 'sts_limit', facts: { retryAfterSeconds: 50 } })
    const { status, headers } = problem(refused as Refusal, 'r')
    expect([status, headers['retry-after']]).toEqual([429, '50'])
    expect(await askFor(0, NOW + 11, sessions)).toMatchObject({ accessKeyId: 'STS.1' })
    await expect(askFor(MAX_OPENED, NOW + 60, sessions)).rejects.toThrow('sts_limit')
    expect(await askFor(MAX_OPENED, NOW + 61, sessions)).toMatchObject({ accessKeyId: 'STS.1' })
  })

  it('takes nothing from another', async () => {
    const { call } = counter()
    const memory = { sessions: createSessionCache(), now: NOW, call }
    for (let index = 0; index < MAX_OPENED; index += 1) {
      await assumeRoleOnce({ ...ORDER, durationSeconds: 900 + index }, memory)
    }
    const other = { ...ORDER, roleSessionName: 'bob', sourceIdentity: 'bob' }
    expect(await assumeRoleOnce(other, memory)).toMatchObject({ securityToken: 'token' })
  })
})

it.each([
  ['a 5xx', { statusCode: 503 }],
  ['flow control', { name: 'ThrottlingError', statusCode: 400 }],
  ['a kept connection that was closed', { code: 'ECONNRESET' }],
])('tries once more after %s', async (_, facts) => {
  const { calls, call } = counter((count) => (count === 1 ? failure(facts) : undefined))
  await assumeRoleOnce(ORDER, { sessions: createSessionCache(), now: NOW, call })
  expect(calls).toHaveLength(2)
})

it.each([
  ['sts_refused', { name: 'ClientError', code: 'NoPermission', statusCode: 403 }, 1],
  ['sts_unavailable', { name: 'ServerError', statusCode: 500 }, 2],
  ['sts_unavailable', { code: 'ECONNREFUSED' }, 1],
] as const)(
  'refuses with %s for %p, without the words of the SDK',
  async (reason, facts, count) => {
    const { calls, call } = counter(() => failure(facts))
    const sessions = createSessionCache()
    const refused = await assumeRoleOnce(ORDER, { sessions, now: NOW, call }).catch(
      (error) => error,
    )
    expect(refused.reason).toBe(reason)
    expect(`${refused.stack} ${refused.cause.stack}`).not.toContain('hush')
    expect(calls).toHaveLength(count)
    expect(sessions.kept.size).toBe(0)
  },
)
