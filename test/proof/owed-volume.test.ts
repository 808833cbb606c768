import { toUploadEvent } from '../../shared/events/event'
import { createOwedEvents } from '../../shared/events/owed'
import { createSend } from '../../shared/http/send'
import { UPLOAD } from '../callback/support/example'
import { shareDeployment } from './support/deployment'
import { buildForProcesses } from './support/process'

// Ten thousand with OWED_EVENTS=10000; fewer in the usual run, but more than a page.
const EVENTS = Number(process.env.OWED_EVENTS ?? 600)
const AT_ONCE = 16
const MORE_MIB = 24

const deployment = shareDeployment('webhook')
let built: Awaited<ReturnType<typeof buildForProcesses>>

beforeAll(async () => {
  built = await buildForProcesses('test/support/rules/media.ts')
}, 60_000)

afterAll(() => built.remove())

/** Keeps so many events as owed, whose claims never came. */
async function oweEvents(from: number, to: number): Promise<string[]> {
  const { info, cloud } = deployment()
  const { bucket, region, oss: endpoint } = info
  const [key] = cloud.account.keys.filter(({ user }) => user.root)
  if (!key) throw new Error('The account has no root key')
  const { accessKeyId, accessKeySecret } = key
  const send = createSend()
  const owed = createOwedEvents({
    target: { bucket, region, endpoint, addressing: 'path' },
    credentials: { accessKeyId, accessKeySecret },
    now: Math.floor(Date.now() / 1000),
    // So many writes at once stall a disk now and then.
    send: (request) => send({ ...request, timeoutMs: 20_000 }),
  })
  const ids: string[] = []
  const numbers = Array.from({ length: to - from }, (_, index) => from + index)
  for (let at = 0; at < numbers.length; at += AT_ONCE) {
    const some = numbers.slice(at, at + AT_ONCE).map((number) => {
      const uploadedAt = new Date((1_700_000_000 + number) * 1000).toISOString().slice(0, 19)
      const upload = { ...UPLOAD, rule: 'media', bucket, key: `media/alice/${number}.txt` }
      return toUploadEvent({ ...upload, uploadedAt: `${uploadedAt}Z` })
    })
    await Promise.all(some.map((event) => owed.keep({ answer: 'x'.repeat(1000), event })))
    ids.push(...some.map(({ id }) => id))
  }
  return ids
}

it(`delivers ${EVENTS} owed events, each under its one id, in the memory that a tenth of them takes`, async () => {
  const { env, credentials } = await deployment().instanceOf('upload-sweep')
  const sweep = await built.start('upload-sweep', { env, credentials })
  const told = () => new Set(deployment().sink.events.map(({ id }) => id))
  const deliverAll = async (ids: readonly string[]) => {
    while (!ids.every((id) => told().has(id))) {
      const before = told().size
      expect(await sweep.invoke({ triggerName: 'timer' })).toBe('')
      expect(told().size).toBeGreaterThan(before)
    }
  }
  const few = await oweEvents(0, EVENTS / 10)
  await deliverAll(few)
  const peak = await sweep.peakMib()
  const all = await oweEvents(EVENTS / 10, EVENTS)
  await deliverAll(all)
  expect(told()).toEqual(new Set([...few, ...all]))
  const { subject } = deployment().sink.events.at(-1) ?? {}
  expect(subject).toMatch(/^media\/alice\/\d+\.txt$/)
  expect((await sweep.peakMib()) - peak).toBeLessThan(MORE_MIB)
  const answer = await fetch(`${deployment().info.gateway}/local/events`)
  expect(await answer.json()).toMatchObject({ owed: [] })
  await sweep.stop()
}, 1_800_000)
