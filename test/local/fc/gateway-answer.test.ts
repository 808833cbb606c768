import { EVALUATE, openGateway, type TestGateway } from './support/fixtures'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await openGateway({ run: EVALUATE })
})
afterAll(() => gateway.close())

/** Makes the function return the value of this expression. */
async function run(expression: string, headers: Record<string, string> = {}) {
  const init = {
    method: 'POST',
    body: expression,
    headers: { 'content-type': 'text/plain', ...headers },
  }
  const response = await fetch(`${gateway.url}/run`, init)
  return {
    response,
    status: response.status,
    text: await response.text(),
    type: response.headers.get('content-type'),
  }
}

describe('answers with a statusCode', () => {
  it('pass on status, headers and body', async () => {
    const { response, status, text } = await run(
      `{ statusCode: 201, headers: { 'X-Own': 'a', 'content-type': 'text/plain' }, body: 'b' }`,
    )
    expect([status, text]).toEqual([201, 'b'])
    expect(response.headers.get('x-own')).toBe('a')
    expect(response.headers.get('content-type')).toBe('text/plain')
  })

  it('are JSON unless they say otherwise', async () => {
    expect(await run(`{ statusCode: 404 }`)).toMatchObject({
      status: 404,
      text: '',
      type: 'application/json',
    })
  })

  it('may have an object for a body', async () => {
    expect((await run(`{ statusCode: 200, body: { a: 1 } }`)).text).toBe('{"a":1}')
  })

  it.each([
    [`'/wBB'`, '\u00ff\u0000A'],
    [`'not base64!'`, 'not base64!'],
    [`''`, ''],
  ])('are decoded from base64 where they can be (%s)', async (body, expected) => {
    const response = await fetch(`${gateway.url}/run`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: `{ statusCode: 200, isBase64Encoded: true, body: ${body} }`,
    })
    expect(Buffer.from(await response.arrayBuffer()).toString('latin1')).toBe(expected)
  })

  it('lose the headers that are the gateway’s', async () => {
    const { response } = await run(`{ statusCode: 200, body: 'abc', headers: {
      'x-fc-own': '1', 'X-Fc-Request-Id': 'forged', Connection: 'close', 'Content-Length': '1', Date: 'never',
      'keep-alive': '9', Server: 'me', upgrade: 'h2c', 'Content-Disposition': 'inline', 'Transfer-Encoding': 'gzip', kept: 'yes' } }`)
    const headers = Object.fromEntries(response.headers)
    expect(headers).toMatchObject({ kept: 'yes' })
    expect(headers['x-fc-request-id']).toMatch(/^[0-9a-f-]{36}$/)
    for (const name of ['x-fc-own', 'server', 'upgrade', 'content-disposition']) {
      expect(headers).not.toHaveProperty(name)
    }
    expect(headers.date).not.toBe('never')
    expect(headers.connection).toBe('keep-alive')
  })
})

describe('answers without a statusCode', () => {
  it.each([
    [`{ a: 1 }`, '{"a":1}'],
    [`'text'`, 'text'],
    [`42`, '42'],
    [`null`, 'null'],
    [`undefined`, ''],
    [`['statusCode']`, '["statusCode"]'],
    [`{ status: 404, body: 'lost' }`, '{"status":404,"body":"lost"}'],
    [`Buffer.from('bytes')`, 'bytes'],
  ])('are a 200 with the whole of %s', async (value, expected) => {
    expect(await run(value)).toMatchObject({
      status: 200,
      text: expected,
      type: 'application/json',
    })
  })
})

describe('answers that are none', () => {
  it.each([
    ['a status that is text', `{ statusCode: '200' }`],
    ['a status below 200', `{ statusCode: 199 }`],
    ['a status above 599', `{ statusCode: 600 }`],
    ['a status that is NaN', `{ statusCode: NaN, body: 'x' }`],
    ['headers of 8 KB and more', `{ statusCode: 200, headers: { a: 'b'.repeat(8192) } }`],
    ['a header with a line end', `{ statusCode: 200, headers: { a: 'b\\r\\nc: d' } }`],
    ['a header’s name with a space', `{ statusCode: 200, headers: { 'a b': 'c' } }`],
  ])('are a 502 for %s', async (_, value) => {
    const { status, text } = await run(value)
    expect(status).toBe(502)
    expect(JSON.parse(text)).toMatchObject({ Code: 'BadResponse' })
  })

  it('takes headers just below 8 KB', async () => {
    const length = 8192 - 'a'.length - 4 - 'Content-Type: application/json'.length - 2
    const headers = (value: number) => `{ statusCode: 200, headers: { a: 'b'.repeat(${value}) } }`
    expect((await run(headers(length))).status).toBe(200)
    expect((await run(headers(length + 1))).status).toBe(502)
  })
})

describe('errors', () => {
  it('are a 502 without details, which are on the console', async () => {
    const { status, text, response } = await run(`(() => { throw new Error('secret detail') })()`)
    expect([status, text]).toEqual([502, 'Internal Server Error'])
    expect(response.headers.get('x-fc-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(gateway.lines.join('\n')).toContain('run: Error: secret detail')
    expect(gateway.entries.at(-1)).toMatchObject({ path: '/run', status: 502 })
  })

  it('leave the next request alone, even an exit of the process', async () => {
    expect((await run(`process.exit(3)`)).status).toBe(502)
    expect(gateway.lines.join('\n')).toContain('ended its process with code 3')
    expect(await run(`'again'`)).toMatchObject({ status: 200, text: 'again' })
    expect((await run(`Promise.reject('a text')`)).status).toBe(502)
    expect((await run(`setTimeout(() => { throw new Error('later') }) && 'first'`)).text).toBe(
      'first',
    )
    expect(await run(`new Promise((resolve) => setTimeout(resolve, 20, 'again'))`)).toMatchObject({
      text: expect.stringMatching(/^(again|Internal Server Error)$/),
    })
    expect(await run(`'again'`)).toMatchObject({ status: 200, text: 'again' })
  })
})

describe('CORS', () => {
  const origin = 'http://page.example'

  it('is echoed when the function sets none', async () => {
    const { response } = await run(`{ statusCode: 200 }`, { origin })
    expect(response.headers.get('access-control-allow-origin')).toBe(origin)
    expect(response.headers.get('access-control-allow-credentials')).toBe('true')
  })

  it('is left alone when the function sets it', async () => {
    const value = `{ statusCode: 200, headers: { 'access-control-allow-origin': 'http://mine.example' } }`
    const { response } = await run(value, { origin })
    expect(response.headers.get('access-control-allow-origin')).toBe('http://mine.example')
    expect(response.headers.get('access-control-allow-credentials')).toBeNull()
  })

  it('is not there for a request without an origin', async () => {
    const { response } = await run(`{ statusCode: 200 }`)
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  })
})
