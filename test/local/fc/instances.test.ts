import { passTimeout, withTimeouts } from '../../support/timeouts'
import { until } from '../../support/until'
import { openGateway, type TestGateway } from './support/fixtures'

let gateway: TestGateway | undefined
afterEach(() => gateway?.close())

async function open(...values: Parameters<typeof openGateway>): Promise<TestGateway> {
  gateway = await openGateway(...values)
  return gateway
}

async function inTurn<Value>(times: number, act: () => Promise<Value>): Promise<Value[]> {
  const values: Value[] = []
  for (let i = 0; i < times; i++) values.push(await act())
  return values
}

describe('instances', () => {
  it('run the initializer once, with a context, before the first request', async () => {
    const source = `const calls = []
      exports.initializer = async (context) => { await null; calls.push(context.function.name, typeof context.logger.info) }
      exports.handler = async () => ({ statusCode: 200, body: calls })`
    const { url } = await open({ init: source })
    for (let request = 0; request < 2; request++) {
      expect(await (await fetch(`${url}/init`)).json()).toEqual(['init', 'function'])
    }
  })

  it.each([
    [
      'an initializer that fails',
      `exports.initializer = async () => { throw new Error('bad settings') }; exports.handler = () => 1`,
      'bad settings',
    ],
    ['a bundle that fails to load', `throw new Error('bad rules')`, 'bad rules'],
    ['a bundle without a handler', `exports.main = () => 1`, 'exports no handler'],
  ])('refuse to start with %s, in its words', async (_, source, message) => {
    await expect(openGateway({ broken: source })).rejects.toThrow(message)
  })

  it('refuse to start with an initializer that never ends', () =>
    withTimeouts(async () => {
      const source = `exports.initializer = () => new Promise(() => setInterval(() => {}, 1000)); exports.handler = () => 1`
      const opening = openGateway({ broken: source }, { timeoutSeconds: 7 })
      const refused = expect(opening).rejects.toThrow('took longer than 7 s')
      await passTimeout(6999)
      expect(jest.getTimerCount()).toBe(1)
      await passTimeout(1)
      await refused
    }))

  it('say once what is wrong with all of them', async () => {
    const source = `exports.initializer = () => { throw new Error('the same') }; exports.handler = () => 1`
    await expect(openGateway({ one: source, two: source })).rejects.toThrow(/^the same$/)
  })

  const COUNT = `let running = 0
    exports.handler = async () => {
      running++
      await new Promise((resolve) => setTimeout(resolve, 5))
      const most = running--
      return { statusCode: 200, body: require('node:worker_threads').threadId + ' ' + most }
    }`

  it.each([1, 3])(
    'are %s at most, serve one request at a time each, and lose none',
    async (limit) => {
      const { url } = await open({ one: COUNT }, { maxInstances: limit })
      const ask = async () => (await (await fetch(`${url}/one`)).text()).split(' ')
      const first = await ask()
      const answers = await Promise.all(Array.from({ length: 200 }, ask))
      expect(new Set(answers.map(([thread]) => thread)).size).toBe(limit)
      expect(new Set(answers.map(([, most]) => most))).toEqual(new Set(['1']))
      // Without load one instance is enough.
      expect(new Set((await inTurn(5, ask)).map(([thread]) => thread)).size).toBe(1)
      expect(first[1]).toBe('1')
    },
  )

  it('drop the calls whose callers have gone before their turn', async () => {
    const source = `let served = 0
      exports.handler = async (event) => {
        const { queryParameters } = JSON.parse(event)
        served++
        if (queryParameters.until) await fetch(queryParameters.until)
        return { statusCode: 200, body: String(served) }
      }`
    const gone = () => entries.filter(({ status }) => status === 499)
    const answer = async () => {
      await until(() => gone().length === 20)
      return { status: 200, headers: {}, body: Buffer.alloc(0) }
    }
    const routes = [{ method: 'GET', path: '/when-gone', answer }]
    let received = 0
    const refresh = async () => {
      received++
    }
    const { url, entries } = await open({ slow: source }, { refresh, routes })
    const first = fetch(`${url}/slow?until=${encodeURIComponent(`${url}/when-gone`)}`)
    await until(() => received === 1)
    const leaver = new AbortController()
    const left = Array.from({ length: 20 }, () => fetch(`${url}/slow`, { signal: leaver.signal }))
    await until(() => received === 21)
    leaver.abort()
    await Promise.allSettled(left)
    expect(await (await first).text()).toBe('1')
    expect(gone()[0]).toMatchObject({ path: '/slow', code: 'ClientClosedRequest' })
    expect(await (await fetch(`${url}/slow`)).text()).toBe('2')
  })

  it('share no memory between functions', async () => {
    const source = `globalThis.count = (globalThis.count ?? 0) + 1
      exports.handler = async () => ({ statusCode: 200, body: String(globalThis.count++) })`
    const { url } = await open({ one: source, two: source })
    for (const [name, expected] of [
      ['one', '1'],
      ['one', '2'],
      ['two', '1'],
    ]) {
      expect(await (await fetch(`${url}/${name}`)).text()).toBe(expected)
    }
  })

  it('send what they print to the log, line by line', async () => {
    const source = `exports.handler = async (event, context) => {
      console.log('one\\ntwo'); console.error('three'); process.stdout.write('four\\n'); context.logger.warn('five')
      return { statusCode: 200 }
    }`
    const { url, lines } = await open({ talk: source })
    const response = await fetch(`${url}/talk`)
    const requestId = response.headers.get('x-fc-request-id')
    await until(() => lines.length === 5)
    expect(lines.filter((line) => /: (one|two|four)$/.test(line))).toHaveLength(3)
    expect(lines).toContain('talk: three')
    expect(lines.at(-1)).toMatch(new RegExp(`^talk: 2023-11-14T.*Z ${requestId} \\[warn\\] five$`))
  })

  it('are swapped without losing a request under way, and kept when the new ones fail', async () => {
    const slow = (text: string) => `exports.handler = async () => {
      console.log('begun')
      await new Promise((resolve) => setTimeout(resolve, 50))
      return { statusCode: 200, body: '${text}' }
    }`
    const { url, deploy, lines } = await open({ say: slow('old') })
    const get = async () => (await fetch(`${url}/say`)).text()
    const before = [get(), get()]
    await until(() => lines.includes('say: begun'))
    await deploy({ say: slow('new') })
    // The second request may be too late for the old instance.
    expect((await Promise.all(before)).filter((text) => text !== 'new')).toContain('old')
    expect(await get()).toBe('new')
    await expect(deploy({ say: `throw new Error('typo')` })).rejects.toThrow('typo')
    expect(await get()).toBe('new')
  })
})
