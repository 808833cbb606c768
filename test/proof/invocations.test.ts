import { randomUUID } from 'node:crypto'
import FC from '@alicloud/fc2'
import { until } from '../support/until'
import { pass, shareDeployment } from './support/deployment'

const deployment = shareDeployment('function')

const EVENT = { specversion: '1.0', id: '', subject: 'a' }

beforeEach(() => {
  EVENT.id = randomUUID()
})

/** What the sink accepted of this test's event. */
function accepted(): unknown[] {
  return deployment().sink.events.filter(({ id }) => id === EVENT.id)
}

function client(key = ['local-root-key', 'local-root-secret']): FC {
  const [accessKeyID = '', accessKeySecret = ''] = key
  const endpoint = deployment().info.gateway
  const fc = new FC(deployment().cloud.account.id, {
    ...{ accessKeyID, accessKeySecret, endpoint, region: 'cn-hangzhou' },
  })
  fc.version = '2023-03-30'
  return fc
}

function invoke(fc: FC, name: string, payload: unknown, headers: Record<string, string> = {}) {
  return fc.post(`/functions/${name}/invocations`, JSON.stringify(payload), headers)
}

const ASYNC = { 'x-fc-invocation-type': 'Async' }

/** The state of this test's event in the queue. */
async function state(): Promise<string | undefined> {
  const answer = await fetch(`${deployment().info.gateway}/local/events`)
  const { events } = (await answer.json()) as { events: { state: string; event: { id: string } }[] }
  return events.find(({ event }) => event.id === EVENT.id)?.state
}

it('queues what the official SDK invokes asynchronously', async () => {
  await invoke(client(), 'upload-consumer', EVENT, ASYNC)
  await until(() => accepted().length > 0)
  expect(accepted()).toEqual([EVENT])
  await until(async () => (await state()) === 'delivered')
})

it('answers what the function returns to a synchronous invocation', async () => {
  const { data } = await invoke(client(), 'upload-consumer', EVENT)
  expect([data, accepted()]).toEqual(['', [EVENT]])
})

it('answers a function’s error with 200 and a header', async () => {
  deployment().sink.decide = () => 500
  const { headers, data } = await invoke(client(), 'upload-consumer', EVENT)
  expect(headers['x-fc-error-type']).toBe('UnhandledInvocationError')
  expect(String(data)).toContain('The sink answered 500')
})

it.each<[string, () => Promise<unknown>, string]>([
  [
    'an unknown key',
    () => invoke(client(['x', 'y']), 'upload-consumer', EVENT),
    'InvalidAccessKeyID',
  ],
  [
    'a wrong secret',
    () => invoke(client(['local-root-key', 'y']), 'upload-consumer', EVENT),
    'SignatureNotMatch',
  ],
  [
    'a user without the right',
    () => invoke(client(['local-user-key', 'local-user-secret']), 'upload-consumer', EVENT),
    'AccessDenied',
  ],
  ['an unknown function', () => invoke(client(), 'nothing', EVENT), 'FunctionNotFound'],
  ['another operation', () => client().get('/functions'), 'InvalidArgument'],
])('refuses %s', async (_, act, code) => {
  await expect(act()).rejects.toMatchObject({ code })
  expect(accepted()).toEqual([])
})

it('refuses an asynchronous body over 128 KB, and not one of exactly so much', async () => {
  const fit = 'x'.repeat(128 * 1024 - 2)
  await expect(invoke(client(), 'sts', `${fit}x`, ASYNC)).rejects.toMatchObject({
    code: 'RequestEntityTooLarge',
  })
  const { headers, data } = await invoke(client(), 'sts', fit, ASYNC)
  expect([headers['x-fc-request-id'], data]).toEqual([expect.stringMatching(/./), ''])
})

it('lists as dead what failed nine times', async () => {
  deployment().sink.decide = () => 500
  await invoke(client(), 'upload-consumer', EVENT, ASYNC)
  await until(
    async () => (await state()) === 'dead',
    () => pass(deployment(), 600),
  )
})
