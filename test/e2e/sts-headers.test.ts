// Covers functions/sts.ts: the headers that every upload with STS credentials must send.
import type OSS from 'ali-oss'
import {
  aliOssCallback,
  ask,
  type Bytes,
  ownerClient,
  type Proof,
  random,
  type StsAnswer,
  stsClient,
  token,
} from './support/client'
import { shareLocalCloud } from './support/cloud'

const KiB = 1024
const FILES: [string, Bytes][] = [
  ['whole', random(KiB)],
  ['in parts', random(300 * KiB)],
]
const HEADERS = {
  'x-oss-object-acl': 'public-read',
  'x-oss-storage-class': 'IA',
  'x-oss-server-side-encryption': 'AES256',
}

const info = shareLocalCloud({ rules: 'test/support/rules/strict.ts' })

async function lend(access: string): Promise<StsAnswer> {
  const alice = await token(info(), 'alice')
  const { status, body } = await ask<StsAnswer>(info(), '/sts', { rule: 'strict', access }, alice)
  expect(status).toBe(200)
  return body
}

async function upload(lent: StsAnswer, name: string, file: Bytes): Promise<Proof> {
  const { headers = {}, prefix } = lent
  const options = { partSize: 100 * KiB, mime: 'a/b', callback: aliOssCallback(lent) }
  const given = { ...options, headers: { ...headers } } as OSS.MultipartUploadOptions
  const sent = await stsClient(lent).multipartUpload(`${prefix}${name}`, file, given)
  return (sent as unknown as { data: Proof }).data
}

it.each(['write', 'read-write'])('are those of the rule, for access to %s', async (access) => {
  expect((await lend(access)).headers).toEqual(HEADERS)
})

it('are not told to those who may only read', async () => {
  expect(await lend('read')).not.toHaveProperty('headers')
})

describe.each(FILES)('an upload by ali-oss, %s', (name, file) => {
  it('is stored and proven with them', async () => {
    const lent = await lend('write')
    expect(await upload(lent, name, file)).toMatchObject({ status: 'ok', size: file.length })
    const owner = ownerClient(info())
    const key = `${lent.prefix}${name}`
    const { 'x-oss-object-acl': acl, ...stored } = HEADERS
    expect((await owner.head(key)).res.headers).toMatchObject(stored)
    expect((await owner.getACL(key)).acl).toBe(acl)
  })

  it('is refused by OSS without the ACL', async () => {
    const lent = await lend('write')
    const { 'x-oss-object-acl': _, ...headers } = HEADERS
    await expect(upload({ ...lent, headers }, name, file)).rejects.toMatchObject({
      status: 403,
      code: 'AccessDenied',
    })
  })

  it.each(['x-oss-storage-class', 'x-oss-server-side-encryption'] as const)(
    'is not proven without %s',
    async (left) => {
      const lent = await lend('write')
      const { [left]: _, ...headers } = HEADERS
      await expect(upload({ ...lent, headers }, name, file)).rejects.toMatchObject({
        code: 'CallbackFailed',
      })
    },
  )
})
