import OSS from 'ali-oss'
import { createJournal, toLine } from '../../local/journal'
import type { LocalCloud } from '../../local/start'
import { DEVELOPER, sdk } from './sts/support/client'
import { open } from './support/open-cloud'

const ignore = () => undefined

describe('a part of the cloud', () => {
  it('is OSS and STS alone, without rules or functions', async () => {
    const { info } = await open({ rules: 'there is none' })
    expect(info.roleArn).toBe('acs:ram::1234567890123456:role/local-role')
    expect((await fetch(`${info.gateway}/local/info`)).status).toBe(200)
    expect((await fetch(`${info.oss}/${info.bucket}/none`)).status).toBe(403)
    expect((await fetch(info.sts)).status).toBe(404)
    for (const path of ['/', '/sts', '/local/token']) {
      expect((await fetch(info.gateway + path)).status).toBe(404)
    }
  })

  it('serves ali-oss by its flag for path style, and tells it why it refuses a host', async () => {
    const { info } = await open({ only: ['oss'] })
    const { accessKeyId, accessKeySecret, bucket, region } = info
    const options = { accessKeyId, accessKeySecret, bucket, region: `oss-${region}` }
    const client = new OSS({ ...options, endpoint: info.oss, sldEnable: true } as OSS.Options)
    await client.put('a/b.txt', Buffer.from('hello'))
    expect((await client.get('a/b.txt')).content.toString()).toBe('hello')
    const headers = { Host: 'evil.example' }
    await expect(client.put('a/b.txt', Buffer.from('hello'), { headers })).rejects.toMatchObject({
      ...{ status: 403, code: 'AccessDenied' },
      message: expect.stringContaining('--endpoint-hosts'),
    })
  })

  it('is STS alone', async () => {
    const { info } = await open({ only: ['sts'] })
    expect([info.oss, info.bucketUrl]).toEqual(['', ''])
    expect((await fetch(info.sts)).status).toBe(404)
  })

  it('takes no seed that a file could not hold', async () => {
    const role = { name: 'long', trusts: ['root'], policies: [], maxSessionSeconds: 999_999 }
    await expect(open({ seed: { id: '1', roles: [role] } })).rejects.toThrow(
      /id: must have 16 digits.*roles\.0\.maxSessionSeconds/s,
    )
  })

  it('may not be the functions alone', async () => {
    await expect(open({ only: ['fc'] })).rejects.toThrow('oss and sts')
  })

  it('is not started from options that are wrong, each of which is named', async () => {
    const options = {
      ...{ port: '9000', host: '', only: ['os'], dataDir: 1, buckets: ['A_B'], ports: 0 },
      ...{ settings: { A: 1 }, seed: { users: [{ name: 'u' }] }, clock: 'nope', quiet: 'yes' },
      ...{ faults: [{ respond: 503 }], log: 'console' },
    }
    const error: Error = await open(options as never).then(
      () => new Error('it started'),
      (reason) => reason,
    )
    const named = error.message.split('\n').map((line) => /^ {2}([\w.]+): /.exec(line)?.[1])
    expect(error.message).toMatch(/^The options are wrong:\n/)
    expect(named.slice(1).sort()).toEqual([
      ...['buckets.0', 'clock', 'dataDir', 'faults', 'faults.0.match', 'host', 'log', 'only.0'],
      ...['port', 'ports', 'quiet', 'seed.users.0.accessKeyId', 'seed.users.0.accessKeySecret'],
      ...['seed.users.0.policies', 'settings.A'],
    ])
  })

  it.each([[[]], ['oss'], [['oss', 'oss']], [['oss', 'fc']]])('is not %j', async (only) => {
    await expect(open({ only: only as never })).rejects.toThrow(
      /^The options are wrong:\n {2}only: /,
    )
  })

  it('has the buckets and the account that it was asked for', async () => {
    const user = { name: 'app', accessKeyId: 'app-key', accessKeySecret: 'app-secret' }
    const { info, account } = await open({
      buckets: ['one-bucket', 'two-bucket'],
      seed: { id: '1111222233334444', users: [{ ...user, policies: [] }], roles: [] },
    })
    expect(info).toMatchObject({ bucket: 'one-bucket', accessKeyId: 'app-key', roleArn: '' })
    expect(account.id).toBe('1111222233334444')
    for (const [bucket, code] of [
      ['two-bucket', 'AccessDenied'],
      ['no-such-one', 'NoSuchBucket'],
    ]) {
      expect(await (await fetch(`${info.oss}/${bucket}/k`)).text()).toContain(code)
    }
  })
})

describe('requests', () => {
  it('tell what was received and why it was refused, to programs in any language', async () => {
    const cloud = await open({ clock: '2026-01-02T03:04:05Z' })
    await fetch(`${cloud.info.oss}/${cloud.info.bucket}/a%20b`)
    await fetch(`${cloud.info.sts}/?Action=Nothing`)
    const records = cloud.requests()
    expect(records).toEqual([
      expect.objectContaining({
        time: expect.stringMatching(/^2026-01-02T03:0/),
        ...{ service: 'oss', method: 'GET', bucket: cloud.info.bucket, key: 'a b' },
        ...{ status: 403, code: 'AccessDenied' },
      }),
      expect.objectContaining({ service: 'sts', action: '-', code: 'InvalidAction.NotFound' }),
    ])
    const answer = await fetch(`${cloud.info.gateway}/local/requests`)
    expect(await answer.json()).toEqual({ requests: JSON.parse(JSON.stringify(records)) })
  })

  it('are the latest thousand', () => {
    const journal = createJournal({
      now: () => 0,
      print: ignore,
      printNote: ignore,
      format: () => '',
    })
    for (let status = 0; status < 1002; status++) journal.fc({ method: 'GET', path: '/', status })
    expect(journal.requests()).toHaveLength(1000)
    expect(journal.requests()[0]).toMatchObject({ status: 2 })
  })

  it('are one readable line each', () => {
    const lines: string[] = []
    const journal = createJournal({
      now: () => 1_700_000_000_000,
      print: (line) => lines.push(line),
      printNote: (line) => lines.push(line),
      format: toLine,
    })
    journal.oss({ method: 'PUT', bucket: 'b', key: 'k', who: 'me', status: 200 })
    journal.oss({
      method: 'GET',
      bucket: 'b',
      who: '-',
      status: 403,
      code: 'AccessDenied',
      ec: '0003-1',
      detail: 'no right',
    })
    journal.oss({ method: 'PUT', bucket: 'b', key: 'k', who: 'me', status: 200, fault: 'reset' })
    journal.oss({ method: 'GET', bucket: 'b', key: 'a b\u001b[2J\u009b', who: 'me', status: 200 })
    journal.sts({
      method: 'POST',
      action: 'AssumeRole',
      who: 'me',
      status: 400,
      code: 'SignatureNonceUsed',
    })
    journal.fc({ method: 'POST', path: '/sts', status: 200 })
    journal.note('signed-url', 'hello')
    expect(lines).toEqual([
      '22:13:20 oss  PUT b/k me 200',
      '22:13:20 oss  GET b/ - 403 AccessDenied 0003-1 ("no right")',
      '22:13:20 oss  PUT b/k me 200 fault: reset',
      '22:13:20 oss  GET "b/a b\\u001b[2J?" me 200',
      '22:13:20 sts  POST AssumeRole me 400 SignatureNonceUsed',
      '22:13:20 fc   POST /sts 200',
      '22:13:20 signed-url| hello',
    ])
  })
})

describe('the clock', () => {
  const set = (cloud: LocalCloud, body: unknown) =>
    fetch(`${cloud.info.gateway}/local/clock`, { method: 'POST', body: JSON.stringify(body) })

  it('is set by a request, for everything that looks at it', async () => {
    const cloud = await open()
    const answer = await set(cloud, { time: '2030-01-02T03:04:05Z' })
    expect(await answer.json()).toEqual({ time: expect.stringMatching(/^2030-01-02T03:04:05/) })
    expect(new Date(cloud.clock.now()).getUTCFullYear()).toBe(2030)
    const call = sdk({ server: { port: Number(new URL(cloud.info.sts).port) } }, DEVELOPER)
    await expect(call({ roleArn: cloud.info.roleArn })).rejects.toMatchObject({
      code: 'InvalidTimeStamp.Expired',
    })
    await set(cloud, { time: Date.now() })
    expect((await call({ roleArn: cloud.info.roleArn })).statusCode).toBe(200)
  })

  it.each([null, [], {}, { time: 'abc' }, { time: true }, { time: 1e300 }, { time: 1, more: 2 }])(
    'refuses %j',
    async (body) => {
      const answer = await set(await open({ only: ['sts'] }), body)
      expect(answer.status).toBe(400)
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
    },
  )
})
