import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { passTimeout, withTimeouts } from '../../support/timeouts'
import { until } from '../../support/until'
import { shareCallbacks, withBody } from './support/application'
import { ask } from './support/cloud'

const { cloud, application, parameter, put } = shareCallbacks()

describe('an answer that breaks the contract', () => {
  type Failure = [string, (response: ServerResponse) => void, string, string | undefined]
  const failures: Failure[] = [
    ['another status', (r) => r.writeHead(502).end(), 'Error status : 502.', '0007-00000203'],
    [
      'a redirect',
      (r) => r.writeHead(301, { location: `${application().base}/elsewhere` }).end(),
      'Error status : 301.',
      '0007-00000203',
    ],
    ['no JSON', withBody('<html>'), 'Response body is not valid json format.', '0007-00000205'],
    [
      'a byte order mark',
      withBody('\ufeff{}'),
      'Response body is not valid json format.',
      '0007-00000205',
    ],
    [
      'no length',
      (r) => r.write('{}') && r.end(),
      'Error status : 400.User server missing content-length.',
      undefined,
    ],
    [
      'length zero',
      (r) => r.writeHead(200, { 'content-length': 0 }).end(),
      'Error status : 400.User server return invalid conent-length value.',
      undefined,
    ],
    ...['abc', '-5', '+2', '1048576x', '', '2\r\nContent-Length: 2'].map(
      (length): Failure => [
        `length ${JSON.stringify(length)}`,
        (r) => r.socket?.end(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n{}`),
        'Error status : 400.User server return invalid conent-length value.',
        undefined,
      ],
    ),
    [
      'more than 1 MB',
      withBody(JSON.stringify('x'.repeat(1024 * 1024 - 1))),
      'Error status : 400.User server return too long content-length value',
      undefined,
    ],
    [
      'a broken connection',
      (r) => r.socket?.destroy(),
      'Error status : -1.OSS can not connect to your callbackUrl, please check it.',
      undefined,
    ],
  ]
  it.each(failures)('is 203 after %s, and the object stays', async (_, respond, message, ec) => {
    application().respond = respond
    const answer = await put(parameter(), `stored after ${message}`)
    expect([answer.status, answer.code, answer.message, answer.ec]).toEqual([
      203,
      'CallbackFailed',
      message,
      ec,
    ])
    const md5 = createHash('md5').update(`stored after ${message}`).digest('hex').toUpperCase()
    expect(answer.headers.etag).toBe(`"${md5}"`)
    expect(application().calls).toHaveLength(1)
    const got = await ask(cloud(), { method: 'GET', key: 'in/报告 1.txt' })
    expect(got.text).toBe(`stored after ${message}`)
    expect(cloud().log.find(({ status }) => status === 203)).toMatchObject({
      code: 'CallbackFailed',
    })
  })

  it('takes exactly 1 MB', async () => {
    application().respond = withBody(JSON.stringify('x'.repeat(1024 * 1024 - 2)))
    expect((await put(parameter())).status).toBe(200)
  })

  it('is 203 after five seconds', () =>
    withTimeouts(async () => {
      application().respond = () => undefined
      const pending = put(parameter())
      await until(() => application().calls.length === 1)
      await passTimeout(4999)
      expect(jest.getTimerCount()).toBe(1)
      await passTimeout(1)
      const answer = await pending
      expect([answer.status, answer.code, answer.message, answer.ec]).toEqual([
        203,
        'CallbackFailed',
        'Cost too long time.',
        '0007-00000202',
      ])
    }))
})
