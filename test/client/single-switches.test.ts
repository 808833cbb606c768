// Covers client/single.ts and client/control.ts: pausing and cancelling.
import { startLocalCloud } from '../../local/start'
import { sha256, storedHash } from '../e2e/support/client'
import { share } from '../support/share'
import { clientFor, errorOf, fileOf, recorder } from './support/client'
import { withNativeSignals } from './support/native'

const RULES = 'test/support/rules/media.ts'
const cloud = share(() => startLocalCloud({ port: 0, rules: RULES, log: () => undefined }))

describe.each(['put', 'form'] as const)('an upload by %s', (mechanism) => {
  const method = mechanism === 'put' ? 'PUT' : 'POST'

  async function pauseAndResume(name: string) {
    const file = fileOf(3_000_000, name)
    const { transport, sent } = recorder(({ method: sentBy, body }) => {
      const isFirst = sentBy === method && body instanceof Blob && states.length === 1
      if (isFirst) setImmediate(upload.pause)
      return undefined
    })
    const states: string[] = []
    const upload = clientFor(cloud().info, { transport }).upload(file, {
      ...{ rule: 'media', mechanism },
      onProgress({ state }) {
        if (states.at(-1) !== state) states.push(state)
        if (state === 'paused') setImmediate(upload.resume)
      },
    })
    const { key } = await upload.done
    expect(states).toEqual(['uploading', 'paused', 'uploading', 'done'])
    expect(sent.filter(({ body }) => body.filename === file.name)).toHaveLength(2)
    expect(await storedHash(cloud().info, key)).toBe(sha256(Buffer.from(await file.arrayBuffer())))
  }

  it('starts anew when it is resumed', () => pauseAndResume(`paused-${mechanism}.bin`))

  it('starts anew and is cancelled where signals have no reason, as in React Native', async () => {
    await withNativeSignals(async () => {
      await pauseAndResume(`native-${mechanism}.bin`)
      const { transport } = recorder(({ method: sentBy, body }) => {
        if (sentBy === method && body instanceof Blob) setImmediate(upload.cancel)
        return undefined
      })
      const file = fileOf(3_000_000, `cancelled-${mechanism}.bin`)
      const options = { rule: 'media', mechanism }
      const upload = clientFor(cloud().info, { transport }).upload(file, options)
      expect(await errorOf(upload.done)).toMatchObject({ code: 'cancelled' })
    })
  })
})
