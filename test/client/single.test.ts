// Covers client/single.ts and client/control.ts.
import { mkdtempSync, openAsBlob, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLocalCloud } from '../../local/start'
import { eventsOf, ownerClient } from '../e2e/support/client'
import { share } from '../support/share'
import { issueToken } from '../support/token'
import { clientFor, errorOf, fileOf, recorder } from './support/client'

const RULES = 'test/support/rules/media.ts'
const cloud = share(() => startLocalCloud({ port: 0, rules: RULES, log: () => undefined }))
afterEach(() => cloud().setFaults([]))

describe.each(['put', 'form'] as const)('an upload by %s', (mechanism) => {
  const method = mechanism === 'put' ? 'PUT' : 'POST'

  it('is sent again to a fresh URL after a 503', async () => {
    // A form's key is in its body, which no fault looks into.
    const match = mechanism === 'put' ? { key: 'media/alice/again-put.bin' } : { method }
    cloud().setFaults([{ match, respond: 503, times: 2 }])
    const { transport, sent } = recorder()
    const file = fileOf(5, `again-${mechanism}.bin`)
    const { done } = clientFor(cloud().info, { transport }).upload(file, {
      rule: 'media',
      mechanism,
    })
    expect(await done).toMatchObject({ proven: true })
    expect(sent.filter(({ body }) => body.filename === file.name)).toHaveLength(3)
  })

  it('is stored once, and reported once, where its answer is lost', async () => {
    cloud().setFaults([{ match: { method }, respond: 'reset', times: 1 }])
    const client = clientFor(cloud().info, { sub: `lost-${mechanism}` })
    const { done } = client.upload(fileOf(5, 'a.png', 'image/png'), { rule: 'avatar', mechanism })
    const { key, proven, reason } = await done
    expect([proven, reason?.code]).toEqual([false, 'answer_lost'])
    expect(await eventsOf(cloud().info, key)).toHaveLength(1)
    const list = await ownerClient(cloud().info).listV2(
      { prefix: `avatars/lost-${mechanism}/` },
      {},
    )
    expect(list.objects.map(({ name }) => name)).toEqual([key])
  })

  it('is stored, but not proven, where the callback fails: with the reason', async () => {
    const file = new File(['no png'], 'a.png', { type: 'image/png' })
    const { done } = clientFor(cloud().info).upload(file, { rule: 'sniffed', mechanism })
    const { proven, reason, key } = await done
    expect([proven, key]).toEqual([false, 'sniffed/alice/a.png'])
    expect(reason).toMatchObject({
      code: 'upload_type_rejected',
      message: 'The file is stored, but not proven: its type was not granted.',
      retryable: false,
      status: 203,
      oss: { code: 'CallbackFailed', message: 'Error status : 415.' },
    })
  })

  it('goes on with a new token after one that ends on the way', async () => {
    const asked: string[] = []
    const getToken = async (reason: string) => {
      asked.push(reason)
      const isEnding = asked.length === 2
      return isEnding ? 'ended' : issueToken(cloud().info, { sub: 'alice' })
    }
    const client = clientFor(cloud().info, { getToken })
    const { done } = client.upload(fileOf(5), { rule: 'media', mechanism })
    expect(await done).toMatchObject({ proven: true })
    expect(asked).toEqual(['request', 'request', 'refused'])
  })
})

it('says that its file was changed or removed meanwhile', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'oss-direct-test-'))
  const path = join(folder, 'gone.bin')
  writeFileSync(path, Buffer.alloc(100_000))
  const source = Object.assign(await openAsBlob(path), { name: 'gone.bin' })
  rmSync(folder, { recursive: true })
  const { transport, sent } = recorder()
  const client = clientFor(cloud().info, { transport })
  await client.rules()
  const { done } = client.upload(source, { rule: 'media' })
  expect(await errorOf(done)).toMatchObject({ code: 'file_unreadable', retryable: false })
  expect(sent.filter(({ method }) => method === 'PUT')).toHaveLength(1)
})

it.each([-1, 1])('uploads, whether the clock is %i hours off', async (hours) => {
  cloud().clock.set(Date.now() - hours * 3_600_000)
  const { done } = clientFor(cloud().info).upload(fileOf(5), { rule: 'media' })
  expect(await done).toMatchObject({ proven: true })
  cloud().clock.set(Date.now())
})
