import fs, { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import os, { tmpdir } from 'node:os'
import { join } from 'node:path'
import { $OpenApiUtil } from '@alicloud/openapi-core'
import Client, { AssumeRoleRequest } from '@alicloud/sts20150401'
import { type LocalCloud, startLocalCloud } from '../../local/start'
import { until } from '../support/until'
import { openCloud as open, put, RULES, type Signed, signUrl, tokenOf } from './support/client'

describe('a local cloud', () => {
  let cloud: LocalCloud
  const lines: string[] = []
  beforeAll(async () => {
    cloud = await startLocalCloud({ port: 0, rules: RULES, log: (line) => lines.push(line) })
  })
  afterAll(() => cloud.close())

  it('says where everything is', async () => {
    const { info } = cloud
    const answer = await fetch(`${info.gateway}/local/info`)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual(info)
    expect(info).toEqual({
      gateway: expect.stringMatching(/^http:\/\/localhost:\d+$/),
      oss: expect.stringMatching(/^http:\/\/localhost:\d+$/),
      sts: expect.stringMatching(/^http:\/\/localhost:\d+$/),
      bucket: 'local-bucket',
      bucketUrl: info.oss.replace('localhost', 'local-bucket.localhost'),
      region: 'cn-hangzhou',
      accessKeyId: 'local-user-key',
      accessKeySecret: 'local-user-secret',
      roleArn: 'acs:ram::1234567890123456:role/oss-direct-delegate',
    })
  })

  it('takes an upload from its first line to its proof', async () => {
    const signed = await signUrl(cloud)
    expect(signed.status).toBe(200)
    const answer = await put(signed.body)
    expect(await answer.json()).toMatchObject({ status: 'ok', key: 'notes/alice/a.txt', size: 5 })
    const text = lines.join('\n')
    expect(text).toMatch(/^\S+ fc {3}POST \/signed-url 200$/m)
    expect(text).toMatch(/^\S+ oss {2}PUT local-bucket\/notes\/alice\/a\.txt .*200/m)
    expect(text).toMatch(/^\S+ fc {3}POST \/upload-callback 200$/m)
    const secrets = [new URL(signed.body.url).searchParams.get('x-oss-security-token') ?? '-']
    for (const secret of [...secrets, 'local-user-secret', await tokenOf(cloud)]) {
      expect(text).not.toContain(secret)
    }
  })

  it('lends its user the delegate role, to try AssumeRole by hand', async () => {
    const { info } = cloud
    const client = new Client(
      new $OpenApiUtil.Config({
        accessKeyId: info.accessKeyId,
        accessKeySecret: info.accessKeySecret,
        endpoint: new URL(info.sts).host,
        protocol: 'http',
      }),
    )
    const request = new AssumeRoleRequest({ roleArn: info.roleArn, roleSessionName: 'by-hand' })
    expect((await client.assumeRole(request)).body?.credentials?.accessKeyId).toMatch(/^STS\./)
  })

  it('gives each function the rights of its own role, and none of another’s', async () => {
    const { account } = cloud
    const actions = (name: string) =>
      account.roles
        .find((role) => role.name === `oss-direct-${name}`)
        ?.policies.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action ?? []))
    expect(actions('sts')).toEqual(['sts:AssumeRole', 'sts:SetSourceIdentity'])
    expect(actions('signed-url')).toEqual(
      expect.arrayContaining(['oss:PutObject', 'oss:GetObject']),
    )
    expect(actions('signed-url')).not.toContain('sts:AssumeRole')
    expect(actions('post-policy')).toEqual(['oss:PutObject'])
    expect(actions('upload-callback')).toContain('oss:GetObject')
    expect(actions('upload-callback')).not.toContain('sts:AssumeRole')
    const delegate = account.roles.find(({ arn }) => arn.endsWith('delegate'))
    expect(delegate?.trusts).toEqual([
      'acs:ram::1234567890123456:role/oss-direct-sts',
      'acs:ram::1234567890123456:user/developer',
    ])
  })

  it.each([-3600, -30, -1, 0])('gives a token that is refused for a ttl of %s s', async (ttl) => {
    expect((await signUrl(cloud, 'a.txt', await tokenOf(cloud, 'alice', ttl))).status).toBe(401)
  })

  it.each([1, 3600])('gives a token that is taken for a ttl of %s s', async (ttl) => {
    expect((await signUrl(cloud, 'a.txt', await tokenOf(cloud, 'alice', ttl))).status).toBe(200)
  })

  it('runs beside another one', async () => {
    const [one, two] = [await open(), cloud]
    expect((await signUrl(one)).status).toBe(200)
    expect((await signUrl(two)).status).toBe(200)
    expect((await signUrl(two, 'a.txt', await tokenOf(one))).status).toBe(401)
    await one.close()
    expect((await signUrl(two)).status).toBe(200)
  })

  it('follows its own clock in everything that is signed', async () => {
    const cloud = await open({ clock: '2030-01-01T00:00:00Z' })
    const { body } = await signUrl(cloud)
    expect(body.serverTime).toMatch(/^2030-01-01T00:0/)
    expect((await put(body)).status).toBe(200)
    const late = (await signUrl(cloud, 'b.txt')).body
    const token = await tokenOf(cloud)
    cloud.clock.set('2030-01-01T02:00:00Z')
    const answer = await put(late)
    expect(answer.status).toBe(403)
    expect(await answer.text()).toContain('AccessDenied')
    expect((await signUrl(cloud, 'c.txt', token)).status).toBe(401)
    expect((await put((await signUrl(cloud, 'c.txt')).body)).status).toBe(200)
  })

  it('serves the page', async () => {
    const { info } = cloud
    const answer = await fetch(`${info.gateway}/`)
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(await answer.text()).toContain(info.oss)
  })

  it.each(['/app.js', '/style.css', '/ali-oss.js', '/favicon.ico'])(
    'serves %s of the page to whoever asks for it first',
    async (path) => {
      expect((await fetch(cloud.info.gateway + path)).status).toBe(200)
    },
  )

  it('has nothing where the page has no file', async () => {
    const answer = await fetch(`${cloud.info.gateway}/none.js`)
    expect(answer.status).toBe(404)
    expect(await answer.text()).toContain('There is nothing at /none.js')
  })
})

describe('quiet', () => {
  const BROKEN = "export const handler = () => { throw new Error('it broke') }"
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'oss-direct-test-'))
  })
  afterEach(() => {
    jest.restoreAllMocks()
    rmSync(folder, { recursive: true, force: true })
  })

  it('silences requests on stdout and lets stderr tell what a function threw', async () => {
    const consumer = join(folder, 'consumer.ts')
    writeFileSync(consumer, BROKEN)
    const errors: string[] = []
    jest.spyOn(process.stderr, 'write').mockImplementation((line) => errors.push(`${line}`) > 0)
    const log = jest.spyOn(console, 'log').mockImplementation()
    const options = { port: 0, rules: RULES, consumer, quiet: true }
    const cloud = await startLocalCloud(options)
    expect((await put((await signUrl(cloud)).body)).status).toBe(200)
    await until(() => errors.length > 0)
    expect(errors[0]).toMatch(/upload-consumer\| Error: it broke/)
    expect(errors.join('\n')).not.toContain('answered')
    expect(log).not.toHaveBeenCalled()
    await cloud.close()
  })
})

describe('folders', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'oss-direct-test-'))
    jest.spyOn(os, 'tmpdir').mockReturnValue(folder)
  })
  afterEach(() => {
    jest.restoreAllMocks()
    rmSync(folder, { recursive: true, force: true })
  })

  it('are gone after close, which may come twice', async () => {
    const cloud = await open()
    expect(readdirSync(folder)).toHaveLength(1)
    await Promise.all([cloud.close(), cloud.close()])
    expect(readdirSync(folder)).toEqual([])
  })

  it('are gone after a start that failed', async () => {
    const { info } = await open()
    const count = readdirSync(folder).length
    const port = Number(new URL(info.gateway).port)
    await expect(open({ port })).rejects.toMatchObject({ code: 'EADDRINUSE', port })
    expect(readdirSync(folder)).toHaveLength(count)
  })

  it('are gone after a build that failed, with all that was still being built', async () => {
    const consumer = join(folder, 'broken.ts')
    writeFileSync(consumer, 'export const handler = (')
    await expect(open({ consumer })).rejects.toThrow('broken.ts:1')
    // As long as a start: anything still running would have written by now.
    await (await open()).close()
    expect(readdirSync(folder)).toEqual(['broken.ts'])
  })

  it.each([
    ['ENOSPC', 'is on a full disk'],
    ['EROFS', 'is on a read-only disk'],
    ['EACCES', 'is not writable'],
  ])('are named when they fail by %s', async (code, reason) => {
    const dataDir = join(folder, 'data')
    jest.spyOn(fs, 'mkdirSync').mockImplementation(() => {
      throw Object.assign(new Error(`${code}: no`), { code, syscall: 'write' })
    })
    await expect(open({ dataDir, only: ['oss'] })).rejects.toMatchObject({
      code,
      message: `The folder ${dataDir} ${reason}. Choose another with --data DIR (dataDir in JavaScript).`,
    })
  })

  it('need a place for temporary files', async () => {
    jest.spyOn(os, 'tmpdir').mockReturnValue(join(folder, 'none'))
    await expect(open()).rejects.toThrow(/none does not exist\. .* TMPDIR/)
  })

  it('keep objects where they were asked to, through a restart', async () => {
    const dataDir = join(folder, 'kept')
    const first = await open({ dataDir })
    expect((await put((await signUrl(first)).body)).status).toBe(200)
    await first.close()
    expect(existsSync(dataDir)).toBe(true)
    const second = await open({ dataDir })
    const request = { rule: 'notes', operation: 'get', key: 'notes/alice/a.txt' }
    const answer = await fetch(`${second.info.gateway}/signed-url`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await tokenOf(second)}` },
      body: JSON.stringify(request),
    })
    const { url } = (await answer.json()) as Signed
    expect(await (await fetch(url)).text()).toBe('hello')
  })
})
