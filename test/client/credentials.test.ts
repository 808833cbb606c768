import { startLocalCloud } from '../../local/start'
import { share } from '../support/share'
import { clientFor, errorOf, recorder } from './support/client'

const RULES = 'test/support/rules/large.ts'
const cloud = share(() => startLocalCloud({ port: 0, rules: RULES, log: () => undefined }))

afterEach(() => {
  jest.restoreAllMocks()
})

/** Lets the machine's clock and the cloud's go on by these seconds. */
function wait(seconds: number): void {
  const later = Date.now() + seconds * 1000
  jest.spyOn(Date, 'now').mockReturnValue(later)
}

it('lends credentials for the own prefix, once for all who ask meanwhile', async () => {
  const { transport, sent } = recorder()
  const client = clientFor(cloud().info, { transport })
  const [first, second] = await Promise.all([
    client.credentials('lent'),
    client.credentials('lent'),
  ])
  expect(second).toBe(first)
  expect(await client.credentials('lent')).toBe(first)
  expect(first).toMatchObject({
    credentials: { accessKeyId: expect.stringMatching(/^STS\./) },
    prefix: 'lent/alice/',
    headers: { 'x-oss-object-acl': 'private' },
    callback: { callbackUrl: expect.any(String) },
  })
  expect(sent.map(({ body }) => body)).toEqual([{ rule: 'lent', access: 'write' }])
})

it('keeps those of each rule and access apart', async () => {
  const { transport, sent } = recorder()
  const client = clientFor(cloud().info, { transport })
  await client.credentials('lent')
  await client.credentials('lent', 'read-write')
  expect(await errorOf(client.credentials('files'))).toMatchObject({
    code: 'mechanism_not_allowed',
  })
  expect(sent.map(({ body }) => [body.rule, body.access])).toEqual([
    ['lent', 'write'],
    ['lent', 'read-write'],
    ['files', 'write'],
  ])
})

describe('after 80 % of their life', () => {
  // The clock of the machine is the client's; only the answers tell the server's.
  async function lend(life: { failing?: boolean; at: number }) {
    let isDown = false
    const { transport, sent } = recorder(() =>
      isDown
        ? Promise.resolve({ status: 503, headers: { 'retry-after': '61' }, text: '' })
        : undefined,
    )
    const client = clientFor(cloud().info, { transport })
    const first = await client.credentials('lent')
    const total = Date.parse(first.credentials.expiration) - Date.parse(first.serverTime)
    isDown = life.failing === true
    wait((total * life.at) / 1000)
    return { first, lendAgain: () => client.credentials('lent'), sent }
  }

  it('not before', async () => {
    const { first, lendAgain, sent } = await lend({ at: 0.79 })
    expect(await lendAgain()).toBe(first)
    expect(sent).toHaveLength(1)
  })

  it('lends new ones, again once for all', async () => {
    const { first, lendAgain, sent } = await lend({ at: 0.81 })
    const [second, third] = await Promise.all([lendAgain(), lendAgain()])
    expect(second).not.toBe(first)
    expect(third).toBe(second)
    expect(sent).toHaveLength(2)
  })

  it('lends the earlier ones while they last where the functions are down', async () => {
    const { first, lendAgain } = await lend({ at: 0.9, failing: true })
    expect(await lendAgain()).toBe(first)
  })

  it('lends none that have ended', async () => {
    const { lendAgain } = await lend({ at: 0.99, failing: true })
    expect(await errorOf(lendAgain())).toMatchObject({ code: 'unavailable', retryable: true })
  })
})

it('goes by the clock of the server', async () => {
  cloud().clock.set(Date.now() - 3_600_000)
  const { transport, sent } = recorder()
  const client = clientFor(cloud().info, { transport })
  const first = await client.credentials('lent')
  expect(Date.parse(first.refreshAfter)).toBeLessThan(Date.now())
  expect(await client.credentials('lent')).toBe(first)
  expect(sent).toHaveLength(1)
  cloud().clock.set(Date.now())
})
