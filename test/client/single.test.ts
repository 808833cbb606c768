import { startLocalCloud } from '../../local/start'
import { eventsOf, sha256, storedHash } from '../e2e/support/client'
import { share } from '../support/share'
import { issueToken } from '../support/token'
import { clientFor, errorOf, fileOf, recorder } from './support/client'

const RULES = 'test/support/rules/media.ts'
const cloud = share(() => startLocalCloud({ port: 0, rules: RULES, log: () => undefined }))
afterEach(() => cloud().setFaults([]))

describe.each(['put', 'form'] as const)('an upload by %s', (mechanism) => {
  const method = mechanism === 'put' ? 'PUT' : 'POST'

  it('is sent again to a fresh URL after a 503 and a connection that breaks', async () => {
    cloud().setFaults([
      { match: { method }, respond: 503, times: 1 },
      { match: { method }, respond: 'reset', times: 1 },
    ])
    const { transport, sent } = recorder()
    const name = `again-${mechanism}.bin`
    const { done } = clientFor(cloud().info, { transport }).upload(fileOf(5, name), {
      rule: 'media',
      mechanism,
    })
    const { key } = await done
    expect(sent.filter(({ body }) => body.filename === name)).toHaveLength(3)
    expect(await eventsOf(cloud().info, key)).toHaveLength(1)
  })

  it('says what OSS said, parsed, when it is refused', async () => {
    const getToken = () => issueToken(cloud().info, { sub: 'alice' })
    const client = clientFor(cloud().info, { getToken })
    await client.upload(fileOf(5, 'one.bin'), { rule: 'kept', mechanism }).done
    const { done } = client.upload(fileOf(5, 'one.bin'), { rule: 'kept', mechanism })
    const error = await errorOf(done)
    expect(error).toMatchObject({ code: 'already_exists', retryable: false, status: 409 })
    expect(error.oss).toEqual({
      code: 'FileAlreadyExists',
      message: expect.any(String),
      ec: expect.stringMatching(/^\d{4}-\d{8}$/),
      requestId: expect.any(String),
    })
    expect(error.message).not.toContain('<')
  })

  it('starts anew when it is resumed', async () => {
    const file = fileOf(3_000_000, `paused-${mechanism}.bin`)
    const { transport, sent } = recorder()
    const states: string[] = []
    let isFirst = true
    const upload = clientFor(cloud().info, { transport }).upload(file, {
      ...{ rule: 'media', mechanism },
      onProgress({ state }) {
        if (states.at(-1) !== state) states.push(state)
        if (state === 'paused') setImmediate(upload.resume)
        else if (isFirst && sent.length === 3) {
          isFirst = false
          upload.pause()
        }
      },
    })
    const { key } = await upload.done
    expect(states).toEqual(['uploading', 'paused', 'uploading', 'done'])
    expect(sent.filter(({ body }) => body.filename === file.name)).toHaveLength(2)
    expect(await storedHash(cloud().info, key)).toBe(sha256(Buffer.from(await file.arrayBuffer())))
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

it.each([-1, 1])('uploads, whether the clock is %i hours off', async (hours) => {
  cloud().clock.set(Date.now() - hours * 3_600_000)
  const { done } = clientFor(cloud().info).upload(fileOf(5), { rule: 'media' })
  expect(await done).toMatchObject({ proven: true })
  cloud().clock.set(Date.now())
})
