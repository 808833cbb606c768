import type { Page } from 'playwright-core'
import { random } from '../e2e/support/client'
import {
  choose,
  failureOf,
  give,
  isStored,
  MiB,
  PIXEL,
  press,
  proofIn,
  row,
  type Stage,
  settled,
  startStage,
} from './support/harness'

const PNG = { name: 'face.png', mimeType: 'image/png', buffer: PIXEL }
const NOTE = { name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.alloc(4096) }
const HOW = 'How it travels'
const WAYS = [
  ['Signed URL', 'signed-url'],
  ['POST form', 'post-policy'],
  ['STS credentials', 'sts'],
] as const
const SIZE = 'It is larger or smaller than was permitted, so it does not count.'
const TYPE = 'Its type is not one that was permitted, so it does not count.'
const NAME = 'Its name is not one that this use allows, so it does not count.'
const PROBLEM_WORDS = /<\w+|"code"|Error status|urn:/

let stage: Stage

beforeAll(async () => {
  stage = await startStage()
}, 60_000)

afterAll(() => stage?.close())

/** Hides the limits of the rules from the page, so that it sends what the functions or the callback refuse. */
async function hideLimits(page: Page): Promise<void> {
  await page.route('**/signed-url', async (route) => {
    const response = await route.fetch()
    const answer = await response.json()
    for (const { upload } of answer.rules ?? []) {
      if (upload) Object.assign(upload, { contentTypes: ['*/*'], minBytes: 0, maxBytes: 9e9 })
    }
    await route.fulfill({ response, json: answer })
  })
}

test('signs in again when the token is over and goes on, by every way', async () => {
  const { page, close } = await stage.open({ rule: 'media' })
  for (const [way, path] of WAYS) {
    await choose(page, HOW, way)
    let refused = 0
    await page.route(`**/${path}`, async (route) => {
      const isForUpload = !/"operation":"(rules|list)"/.test(route.request().postData() ?? '')
      const isOver = isForUpload && refused === 0
      if (isOver) refused += 1
      const { authorization = '', ...headers } = route.request().headers()
      await route.continue({ headers: isOver ? headers : { ...headers, authorization } })
    })
    await give(page, { ...PNG, name: `${path}.png` })
    await settled(page, `${path}.png`, 'done')
    expect(refused).toBe(1)
    await page.unroute(`**/${path}`)
  }
  await close()
})

test('says that a sign-in is refused, and a retry signs in again', async () => {
  const { page, close } = await stage.open({ rule: 'media' })
  await page.route('**/local/token', (route) =>
    route.continue({ postData: { ...route.request().postDataJSON(), ttlSeconds: -3600 } }),
  )
  await give(page, PNG)
  const text = await failureOf(page, 'face.png')
  expect(text).toContain('Your sign-in has expired')
  expect(text).toContain('Retry signs you in again.')
  await page.unroute('**/local/token')
  await press(page, 'face.png', 'Retry')
  await settled(page, 'face.png', 'done')
  await page.route('**/local/token', (route) => route.abort())
  await choose(page, 'Who you are', 'bob')
  await page.getByText('What you may use is not known: You could not be signed in.').waitFor()
  await close()
}, 60_000)

test('says in words what the functions refuse, and shows codes to developers who ask', async () => {
  const { page, close } = await stage.open({ rule: 'avatar' })
  await hideLimits(page)
  await choose(page, HOW, 'Signed URL')
  for (const [name, file, words, code] of [
    [
      'page.html',
      { mimeType: 'text/html' },
      'Files of this type are not taken here',
      'file_type_not_allowed',
    ],
    ['over.png', { buffer: Buffer.alloc(5 * MiB + 1) }, 'The file is too large', 'file_too_large'],
  ] as const) {
    await give(page, { ...PNG, ...file, name })
    const text = await failureOf(page, name)
    expect(text).toContain(words)
    expect(text).not.toMatch(PROBLEM_WORDS)
    expect(text).not.toContain(code)
    await row(page, name).getByRole('button', { name: 'Details' }).click()
    await row(page, name).getByText(code).waitFor()
  }
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await give(page, { ...PNG, name: 'at.png', buffer: Buffer.alloc(5 * MiB) })
  await settled(page, 'at.png', 'done')
  await close()
}, 60_000)

test('lets a retry through that another plan or other rules allow', async () => {
  const { page, close } = await stage.open({ rule: 'documents' })
  await page.route('**/signed-url', async (route) => {
    const isForUpload = /"operation":"put"/.test(route.request().postData() ?? '')
    const json = { code: 'not_allowed', detail: 'Not for this caller.', requestId: 'r-1' }
    await (isForUpload ? route.fulfill({ status: 403, json }) : route.continue())
  })
  await give(page, PNG)
  expect(await failureOf(page, 'face.png')).toContain('You may not use this')
  await page.unroute('**/signed-url')
  await page.getByText('Sign in as somebody else').click()
  await page.getByLabel('User name').fill('alice')
  await page.getByRole('checkbox', { name: 'On the pro plan' }).check()
  await page.getByRole('button', { name: 'Sign in' }).click()
  await press(page, 'face.png', 'Retry')
  expect((await proofIn(page, 'face.png')).Key).toBe('documents/alice/face.png')
  // A plan that is gone takes its uses along, and what was given before says so.
  await give(page, { ...PNG, name: 'gone.png', buffer: Buffer.alloc(9) })
  await settled(page, 'gone.png', 'done')
  await page.route('**/signed-url', async (route) => {
    const answer = await (await route.fetch()).json()
    const rules = answer.rules?.filter(({ name }: { name: string }) => name !== 'documents')
    await route.fulfill({ json: { ...answer, ...(rules && { rules }) } })
  })
  await give(page, { ...PNG, name: 'late.png' })
  expect(await failureOf(page, 'late.png')).toContain('This use no longer exists')
  await close()
}, 60_000)

test('says in words what OSS refuses, and stores nothing', async () => {
  const { page, close } = await stage.open({ rule: 'media', way: 'Signed URL' })
  await page.route('**/signed-url', async (route) => {
    const answer = await (await route.fetch()).json()
    const url = answer.url?.replace('true.png', 'fake.png')
    await route.fulfill({ json: { ...answer, ...(url && { url }) } })
  })
  await give(page, { ...PNG, name: 'true.png' })
  const text = await failureOf(page, 'true.png')
  expect(text).toContain('The request was changed on its way')
  expect(text).toContain('Retry asks for a new permission')
  expect(text).not.toMatch(PROBLEM_WORDS)
  expect(await isStored(stage.cloud, 'media/alice/fake.png')).toBe(false)
  await row(page, 'true.png').getByRole('button', { name: 'Details' }).click()
  await row(page, 'true.png')
    .getByText(/SignatureDoesNotMatch/)
    .waitFor()
  await close()
})

test('says by STS credentials what the callback refused of what is stored', async () => {
  const { page, close } = await stage.open({ rule: 'notes', way: 'STS credentials' })
  await hideLimits(page)
  for (const [rule, file, words] of [
    ['notes', { ...NOTE, name: 'size.txt', buffer: Buffer.alloc(4097) }, SIZE],
    ['notes', { ...NOTE, name: 'parts.txt', buffer: Buffer.alloc(300_000) }, SIZE],
    ['notes', { ...NOTE, name: 'page.html', mimeType: 'text/html' }, TYPE],
    ['numbered', NOTE, NAME],
  ] as const) {
    await choose(page, 'What for', rule)
    await give(page, file)
    const text = await settled(page, file.name, 'unproven')
    expect(text).toContain('Stored, but not proven')
    expect(text).toContain(words)
    expect(text).not.toMatch(PROBLEM_WORDS)
    expect(await isStored(stage.cloud, `${rule}/alice/${file.name}`)).toBe(true)
  }
  await choose(page, 'What for', 'media')
  await page.route('**/sts', async (route) => {
    const answer = await (await route.fetch()).json()
    answer.callback.callbackVar['x:ticket'] += 'x'
    await route.fulfill({ json: answer })
  })
  await choose(page, HOW, 'STS credentials')
  // The client keeps credentials; another user has none yet.
  await choose(page, 'Who you are', 'bob')
  await page.getByRole('radio', { name: 'STS credentials' }).check()
  for (const size of [10, 1.5 * MiB]) {
    const name = `unproven-${size}.bin`
    await give(page, { name, mimeType: 'a/b', buffer: random(size) })
    const text = await settled(page, name, 'unproven')
    expect(text).toContain('The server could not check the file, and does not count it.')
    expect(await isStored(stage.cloud, `media/bob/${name}`)).toBe(true)
  }
  await close()
}, 60_000)

test('says by one request what the callback refused', async () => {
  const { page, close } = await stage.open({ rule: 'notes' })
  const body = '<Error><Code>CallbackFailed</Code><Message>Error status : 413.</Message></Error>'
  const headers = { 'access-control-allow-origin': '*' }
  await page.route(`${stage.cloud.info.oss}/**`, (route) =>
    route.request().method() === 'OPTIONS'
      ? route.continue()
      : route.fulfill({ status: 203, body, headers }),
  )
  for (const way of ['Signed URL', 'POST form']) {
    await choose(page, HOW, way)
    await give(page, { ...NOTE, name: `${way}.txt` })
    const text = await settled(page, `${way}.txt`, 'unproven')
    expect(text).toContain('Stored, but not proven')
    expect(text).toContain(SIZE)
  }
  await close()
})

test('tries again by itself while OSS is out of reach, then says so, and a retry goes through when it is back', async () => {
  const { page, close } = await stage.open({ rule: 'media' })
  await page.clock.install()
  let tried = 0
  for (const [way, path] of WAYS) {
    const name = `away ${path}.png`
    await choose(page, HOW, way)
    await page.route(`${stage.cloud.info.oss}/**`, async (route) => {
      if (route.request().url().includes('list-type')) return route.continue()
      tried += 1
      await route.abort()
    })
    await give(page, { ...PNG, name })
    const failed = row(page, name).and(page.locator('[data-state=failed]'))
    // The pauses between attempts need not be waited for.
    while ((await failed.count()) === 0) await page.clock.fastForward(5000)
    const text = await failureOf(page, name)
    expect(text).toContain('No connection')
    expect(text).toContain('Check your network, then retry.')
    expect(tried).toBeGreaterThan(2)
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    await press(page, name, 'Retry')
    await settled(page, name, 'done')
    tried = 0
  }
  await close()
}, 90_000)
