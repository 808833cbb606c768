// Covers functions/sts.ts and shared/dialects/ali-oss.ts: ali-oss in Chromium.
import { readFileSync } from 'node:fs'
import { eventsOf, type Proof } from '../e2e/support/client'
import { shareClients } from './support/pages'

const clients = shareClients('test/support/rules/media.ts')

const [, PRINTED = ''] =
  /```js\n(const lend = [\s\S]*?)```/.exec(readFileSync('docs/http-api.md', 'utf8')) ?? []
const SESSION_MS = 900_000

type Uploaded = { data: Proof; sessions: number }
type AfterPart = { afterPart: () => Promise<void> }

/** How far the cloud is ahead of this machine; it never goes back, or sessions of the future would be kept. */
let aheadMs = 0

async function goOn(passedMs: number): Promise<void> {
  aheadMs += passedMs
  const { gateway } = clients().cloud.info
  const body = JSON.stringify({ time: Date.now() + aheadMs })
  const answer = await fetch(`${gateway}/local/clock`, { method: 'POST', body })
  expect(answer.status).toBe(200)
}

it('uploads in parts as docs/http-api.md prints it', async () => {
  const { page, complaints, close } = await clients().open('ali-oss')
  await page.clock.install({ time: Date.now() + aheadMs })
  const { gateway } = clients().cloud.info
  const code = PRINTED.replaceAll("'/sts?", () => `'${gateway}/sts?`)
  const sent = await page.evaluate(
    ([text, size]) => {
      const file = new File([new Uint8Array(Number(size))], 'a.pdf')
      const freshToken = async () => new URLSearchParams(location.search).get('token')
      const run = new Function(
        'OSS',
        'file',
        'freshToken',
        `return (async () => {${String(text).replace('await client.multi', 'return client.multi')}})()`,
      )
      return run(Reflect.get(window, 'OSS'), file, freshToken)
    },
    [code, 3_000_000],
  )
  expect(sent.data).toMatchObject({ status: 'ok', key: 'documents/alice/a.pdf', size: 3_000_000 })
  expect(complaints).toEqual([])
  expect(await eventsOf(clients().cloud.info, 'documents/alice/a.pdf')).toHaveLength(1)
  await close()
}, 60_000)

// What is in flight must arrive within the minute that credentials have left at least when they are used.
it.each([
  [1, 12, 240_000],
  [3, 96, 20_000],
])(
  'goes on for longer than any of its credentials, %i parts at once',
  async (parallel, parts, stepMs) => {
    const name = `long-${parallel}.bin`
    const { page, complaints, told, close } = await clients().open('ali-oss', { name })
    const startMs = aheadMs
    await page.clock.install({ time: Date.now() + aheadMs })
    let passing = Promise.resolve()
    await page.exposeFunction('afterPart', () => {
      passing = passing.then(async () => {
        await page.clock.fastForward(stepMs)
        await goOn(stepMs)
      })
      return passing
    })
    const uploaded = await page.evaluate<Uploaded, [number, number]>(
      ([parts, parallel]) => {
        const { afterPart } = window as unknown as AfterPart
        return Reflect.get(window, 'uploadParts')(parts, parallel, () => afterPart())
      },
      [parts, parallel],
    )
    const key = `media/alice/${name}`
    expect(uploaded.data).toMatchObject({ status: 'ok', key, size: parts * 102_400 })
    expect(await eventsOf(clients().cloud.info, key)).toHaveLength(1)
    expect(aheadMs - startMs).toBeGreaterThan(2 * SESSION_MS)
    expect(uploaded.sessions).toBeGreaterThan(2)
    expect((await told(3)).length).toBeGreaterThan(3)
    expect(complaints).toEqual([])
    await close()
  },
  60_000,
)
