// Covers functions/sts.ts: the options of ali-oss, used as docs/http-api.md prints it.
import OSS from 'ali-oss'
import type { AliOssOptions } from '../../shared/dialects/ali-oss'
import { isAnswer } from '../docs/support/contract'
import { until } from '../support/until'
import { ask, type Bytes, type Proof, random, sha256, storedHash, token } from './support/client'
import { shareLocalCloud } from './support/cloud'

const KiB = 1024
const FILE: Bytes = random(1000 * KiB)

const info = shareLocalCloud()

async function lend(access = 'write', rule = 'media'): Promise<AliOssOptions> {
  const alice = await token(info(), 'alice', { plan: 'pro' })
  const asked = await ask<AliOssOptions>(info(), '/sts?as=ali-oss', { rule, access }, alice)
  expect([asked.status, isAnswer(asked.body, '/sts', 200)]).toEqual([200, true])
  return asked.body
}

it('upload in parts while the credentials change under way', async () => {
  const used = new Set<string>()
  let refreshes = 0
  const refreshSTSToken = async () => {
    refreshes += 1
    // Each kind of access is a session of its own.
    const lent = await lend(refreshes % 2 === 0 ? 'write' : 'read-write')
    const { accessKeyId, accessKeySecret, stsToken } = lent
    used.add(accessKeyId)
    return { accessKeyId, accessKeySecret, stsToken }
  }
  const { prefix, headers, callback, ...options } = await lend()
  const client = new OSS({
    ...options,
    refreshSTSToken,
    refreshSTSTokenInterval: 0,
  } as OSS.Options)
  const key = `${prefix}parts.bin`
  const given = { headers, callback, mime: 'a/b', partSize: 100 * KiB, parallel: 1 }
  const sent = await client.multipartUpload(key, FILE, given as never)
  expect((sent as unknown as { data: Proof }).data).toMatchObject({ status: 'ok', key })
  expect(await storedHash(info(), key)).toBe(sha256(FILE))
  expect([used.size, refreshes > 5]).toEqual([2, true])
})

it('upload in parts, five at once, while refreshes overtake each other', async () => {
  let [sent, refreshes, overtaken] = [0, 0, 0]
  const refreshSTSToken = async () => {
    refreshes += 1
    const isSlow = sent > 0 && overtaken === 0
    if (isSlow) overtaken = 1
    const { accessKeyId, accessKeySecret, stsToken } = await lend(isSlow ? 'read-write' : 'write')
    if (isSlow) {
      // Meanwhile other parts are signed with the credentials that there are, and refresh them too.
      const [sentBefore, refreshesBefore] = [sent, refreshes]
      await until(() => sent > sentBefore + 2 && refreshes > refreshesBefore)
      overtaken = sent - sentBefore
    }
    return { accessKeyId, accessKeySecret, stsToken }
  }
  const { prefix, headers, callback, ...options } = await lend()
  const client = new OSS({ ...options, refreshSTSToken, refreshSTSTokenInterval: 0 } as OSS.Options)
  const key = `${prefix}race.bin`
  const progress = () => {
    sent += 1
  }
  const given = { headers, callback, mime: 'a/b', partSize: 100 * KiB, parallel: 5, progress }
  const done = await client.multipartUpload(key, FILE, given as never)
  expect((done as unknown as { data: Proof }).data).toMatchObject({ status: 'ok', key })
  expect(await storedHash(info(), key)).toBe(sha256(FILE))
  expect(overtaken).toBeGreaterThan(2)
})

it('upload and read as printed, all of the answer given at once', async () => {
  const answer = await lend('read-write')
  const client = new OSS({ ...answer, refreshSTSToken: () => lend('read-write') } as never)
  const { headers, callback } = answer
  const key = `${answer.prefix}whole.bin`
  const sent = await client.put(key, FILE, { headers, callback, mime: 'a/b' } as never)
  expect((sent as unknown as { data: Proof }).data).toMatchObject({ status: 'ok', key })
  expect(sha256((await client.get(key)).content as Buffer)).toBe(sha256(FILE))
})

it('have neither headers nor callback for those who may only read', async () => {
  const answer = await lend('read')
  expect(answer).not.toHaveProperty('headers')
  expect(answer).not.toHaveProperty('callback')
})
