import { type LocalCloud, startLocalCloud } from '../../local/start'
import { ask, type FormAnswer, sendForm, token } from '../e2e/support/client'

let cloud: LocalCloud
const lines: string[] = []

beforeAll(async () => {
  cloud = await startLocalCloud({
    port: 0,
    rules: 'test/support/rules/hooks.ts',
    log: (line) => lines.push(line),
  })
}, 60_000)

afterAll(() => cloud.close())

it("runs a rule's onUploaded once for a proven upload, and adds what respond says", async () => {
  const { info } = cloud
  const request = { rule: 'notes', filename: 'a.txt', contentType: 'text/plain' }
  const signed = await ask<FormAnswer>(info, '/post-policy', request, await token(info, 'alice'))
  const sent = await sendForm(signed.body, Buffer.from('hello'))
  expect(sent.body).toMatchObject({ status: 'ok', key: 'notes/alice/a.txt', thanks: 'for 5 bytes' })
  const told = lines.filter((line) => line.includes('told of notes/alice/a.txt by alice as '))
  expect(told).toHaveLength(1)
  expect(told[0]).toMatch(/as [0-9a-f]{64}$/)
})
