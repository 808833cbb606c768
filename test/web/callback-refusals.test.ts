import type { Page } from 'playwright-core'
import { choose, give, isStored, type Stage, settled, startStage } from './support/harness'

const HOW = 'How permission is passed on'
const NOTE = { name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.alloc(4096) }
const SIZE = 'The file is larger or smaller than was granted.'
const TYPE = 'The file is of a content type that was not granted.'
const NAME = 'The file has a name that its rule does not allow.'

let stage: Stage

beforeAll(async () => {
  stage = await startStage('test/support/rules/narrow.ts')
}, 60_000)

afterAll(() => stage.close())

/** Hides the limits of the rules from the page, so that it sends what the callback refuses. */
async function hideLimits(page: Page): Promise<void> {
  await page.route('**/local/rules', async (route) => {
    const { rules } = await (await route.fetch()).json()
    const open = { contentTypes: ['*/*'], mechanisms: ['sts', 'url', 'form'] }
    const opened = rules.map((rule: object) => ({ ...rule, upload: open }))
    await route.fulfill({ json: { rules: opened } })
  })
}

test.each([
  ['a size', 'notes', { ...NOTE, buffer: Buffer.alloc(4097) }, SIZE],
  ['a size of several parts', 'notes', { ...NOTE, buffer: Buffer.alloc(300_000) }, SIZE],
  ['a type', 'notes', { ...NOTE, name: 'page.html', mimeType: 'text/html' }, TYPE],
  ['a name', 'numbered', NOTE, NAME],
])('says that the callback refused %s of what STS stored', async (_, rule, file, words) => {
  const { page, close } = await stage.open({ rule })
  await choose(page, HOW, 'STS credentials')
  await hideLimits(page)
  await give(page, file)
  const text = await settled(page, file.name, 'failed')
  expect(text).toContain('Stored, but not proven')
  expect(text).toContain(words)
  expect(text).not.toContain('Error status')
  expect(await isStored(stage.cloud, `${rule}/alice/${file.name}`)).toBe(true)
  await close()
})

test.each(['Signed URL', 'POST form'])(
  'says what the callback refused by %s',
  async (mechanism) => {
    const { page, close } = await stage.open({ rule: 'notes' })
    await choose(page, HOW, mechanism)
    const body = '<Error><Code>CallbackFailed</Code><Message>Error status : 413.</Message></Error>'
    const headers = { 'access-control-allow-origin': '*' }
    await page.route(`${stage.cloud.info.oss}/**`, (route) =>
      route.request().method() === 'OPTIONS'
        ? route.continue()
        : route.fulfill({ status: 203, body, headers }),
    )
    await give(page, NOTE)
    const text = await settled(page, NOTE.name, 'failed')
    expect(text).toContain('Stored, but not proven')
    expect(text).toContain(SIZE)
    await close()
  },
)
