import FC from '@alicloud/fc2'
import { until } from '../support/until'
import { type Deployment, openDeployment, pass } from './support/deployment'

let deployment: Deployment

beforeAll(async () => {
  deployment = await openDeployment('function')
}, 60_000)

afterAll(() => deployment.close())

beforeEach(() => {
  deployment.sink.events.length = 0
  deployment.sink.decide = () => 200
})

const EVENT = { specversion: '1.0', id: 'id-1', subject: 'a' }

function client(key = ['local-root-key', 'local-root-secret']): FC {
  const [accessKeyID = '', accessKeySecret = ''] = key
  const endpoint = deployment.info.gateway
  const fc = new FC(deployment.cloud.account.id, {
    ...{ accessKeyID, accessKeySecret, endpoint, region: 'cn-hangzhou' },
  })
  fc.version = '2023-03-30'
  return fc
}

function invoke(fc: FC, name: string, payload: unknown, headers: Record<string, string> = {}) {
  return fc.post(`/functions/${name}/invocations`, JSON.stringify(payload), headers)
}

const ASYNC = { 'x-fc-invocation-type': 'Async' }

async function listed() {
  const answer = await fetch(`${deployment.info.gateway}/local/events`)
  const { events } = (await answer.json()) as { events: { state: string; event: { id: string } }[] }
  return events.filter(({ event }) => event.id === EVENT.id)
}

it('queues what the official SDK invokes asynchronously', async () => {
  await invoke(client(), 'upload-consumer', EVENT, ASYNC)
  await until(() => deployment.sink.events.length > 0)
  expect(deployment.sink.events).toEqual([EVENT])
  await until(async () => (await listed())[0]?.state === 'delivered')
})

it('answers what the function returns to a synchronous invocation', async () => {
  const { data } = await invoke(client(), 'upload-consumer', EVENT)
  expect([data, deployment.sink.events]).toEqual(['', [EVENT]])
})

it('answers a function’s error with 200 and a header', async () => {
  deployment.sink.decide = () => 500
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
  expect(deployment.sink.events).toEqual([])
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
  deployment.sink.decide = () => 500
  await invoke(client(), 'upload-consumer', { ...EVENT, id: 'id-dead' }, ASYNC)
  const state = async () => {
    const answer = await fetch(`${deployment.info.gateway}/local/events`)
    const { events } = (await answer.json()) as {
      events: { state: string; event: { id: string } }[]
    }
    return events.find(({ event }) => event.id === 'id-dead')?.state
  }
  await until(
    async () => (await state()) === 'dead',
    () => pass(deployment, 600),
  )
})
