import type { Page } from 'playwright-core'
import { random } from '../e2e/support/client'
import {
  choose,
  give,
  holdBack,
  isStored,
  MiB,
  PIXEL,
  proofIn,
  row,
  type Stage,
  settled,
  startStage,
} from './support/harness'

const PNG = { name: 'face.png', mimeType: 'image/png', buffer: PIXEL }
const WHO = 'Who uploads'
const RULE = 'Which rule applies'
const HOW = 'How permission is passed on'

let stage: Stage

beforeAll(async () => {
  stage = await startStage()
}, 60_000)

afterAll(() => stage.close())

async function failureOf(page: Page, name: string): Promise<string> {
  return settled(page, name, 'failed')
}

test.each(['Signed URL', 'POST form'])('shows a type outside the rule by %s', async (mechanism) => {
  const { page, close } = await stage.open({ rule: 'avatar' })
  await choose(page, HOW, mechanism)
  await give(page, { name: 'page.html', mimeType: 'text/html', buffer: Buffer.from('<p>') })
  const text = await failureOf(page, 'page.html')
  expect(text).toContain('File type not allowed')
  expect(text).toContain('image/png')
  await close()
})

test.each(['Signed URL', 'POST form'])(
  'shows a file one byte over the limit by %s, and takes one at the limit',
  async (mechanism) => {
    const { page, close } = await stage.open({ rule: 'avatar' })
    await choose(page, HOW, mechanism)
    await give(
      page,
      { ...PNG, name: 'over.png', buffer: random(5 * MiB + 1) },
      { ...PNG, name: 'at.png', buffer: random(5 * MiB) },
    )
    const text = await failureOf(page, 'over.png')
    expect(text).toContain('File too large')
    expect(text).toContain('5242880 bytes')
    await proofIn(page, 'at.png')
    await close()
  },
)

test('shows a rule that is not for this caller, and a sign-in with the plan lets a retry through', async () => {
  const { page, close } = await stage.open({ rule: 'avatar' })
  await choose(page, WHO, 'bob')
  await choose(page, RULE, 'documents')
  await give(page, PNG)
  expect(await failureOf(page, 'face.png')).toContain('Not allowed')
  await page.getByLabel('User name').fill('bob')
  await page.getByRole('checkbox', { name: 'On the pro plan' }).check()
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Retry face.png' }).click()
  const proof = await proofIn(page, 'face.png')
  expect(proof.Key).toBe('documents/bob/face.png')
  await close()
})

test('shows a mechanism that the rule does not allow', async () => {
  const { page, close } = await stage.open({ rule: 'avatar' })
  await choose(page, HOW, 'STS credentials')
  await give(page, PNG)
  const text = await failureOf(page, 'face.png')
  expect(text).toContain('Mechanism not allowed')
  expect(text).toContain('mechanism_not_allowed')
  await close()
})

test('shows a rule that is not there', async () => {
  const { page, close } = await stage.open()
  await page.getByRole('radio', { name: 'media' }).evaluate((radio) => {
    radio.setAttribute('value', 'nowhere')
  })
  await give(page, PNG)
  expect(await failureOf(page, 'face.png')).toContain('No such rule')
  await close()
})

test('shows an expired token, and a retry signs in again', async () => {
  const { page, close } = await stage.open()
  await page.route('**/local/token', (route) =>
    route.continue({ postData: { ...route.request().postDataJSON(), ttlSeconds: -3600 } }),
  )
  await give(page, PNG)
  const text = await failureOf(page, 'face.png')
  expect(text).toContain('Invalid token')
  expect(text).toContain('Retry signs in again')
  await page.unroute('**/local/token')
  await page.getByRole('button', { name: 'Retry face.png' }).click()
  await proofIn(page, 'face.png')
  await close()
})

test.each([
  ['Signed URL', 'signed-url'],
  ['POST form', 'post-policy'],
  ['STS credentials', 'sts'],
])('shows an absent token by %s', async (mechanism, path) => {
  const { page, close } = await stage.open()
  await choose(page, HOW, mechanism)
  await page.route(`**/${path}`, async (route) => {
    const { authorization: _, ...headers } = route.request().headers()
    await route.continue({ headers })
  })
  await give(page, PNG)
  expect(await failureOf(page, 'face.png')).toContain('Invalid token')
  await close()
})

test('shows what OSS says of a URL that was tampered with', async () => {
  const { page, close } = await stage.open()
  await page.route('**/signed-url', async (route) => {
    const answer = await (await route.fetch()).json()
    const url = answer.url.replace('face.png', 'fake.png')
    await route.fulfill({ json: { ...answer, url } })
  })
  await give(page, PNG)
  const text = await failureOf(page, 'face.png')
  expect(text).toContain('The signature does not match')
  expect(text).toContain('SignatureDoesNotMatch')
  expect(await isStored(stage.cloud, 'media/alice/fake.png')).toBe(false)
  await close()
})

test('shows an upload that is stored while its callback refuses it', async () => {
  const { page, close } = await stage.open()
  await page.route('**/sts', async (route) => {
    const answer = await (await route.fetch()).json()
    answer.callback.callbackVar['x:ticket'] += 'x'
    await route.fulfill({ json: answer })
  })
  await choose(page, HOW, 'STS credentials')
  for (const size of [10, 3 * MiB]) {
    const name = `unproven-${size}.bin`
    await give(page, { name, mimeType: 'a/b', buffer: random(size) })
    const text = await failureOf(page, name)
    expect(text).toContain('Stored, but not proven')
    expect(text).toContain('The functions could not prove it')
    expect(text).not.toContain('Error status')
    expect(await isStored(stage.cloud, `media/alice/${name}`)).toBe(true)
  }
  expect(await page.locator('#files li').count()).toBe(0)
  await close()
})

test.each(['Signed URL', 'POST form', 'STS credentials'])(
  'shows that OSS is out of reach by %s, and a retry goes through when it is back',
  async (mechanism) => {
    const { page, close } = await stage.open()
    await choose(page, HOW, mechanism)
    await page.route(`${stage.cloud.info.oss}/**`, (route) => route.abort())
    await give(page, PNG)
    expect(await failureOf(page, 'face.png')).toContain('Network error')
    await page.unroute(`${stage.cloud.info.oss}/**`)
    await page.getByRole('button', { name: 'Retry face.png' }).click()
    await proofIn(page, 'face.png')
    await close()
  },
)

test('shows that the functions are out of reach', async () => {
  const { page, close } = await stage.open()
  await page.route('**/local/token', (route) => route.abort())
  await give(page, PNG)
  expect(await failureOf(page, 'face.png')).toContain('Network error')
  await close()
})

test.each(['Signed URL', 'POST form'])(
  'stops in the middle by %s and leaves nothing in OSS',
  async (mechanism) => {
    const { page, close } = await stage.open()
    const network = await page.context().newCDPSession(page)
    const limit = (uploadThroughput: number) =>
      network.send('Network.emulateNetworkConditions', {
        ...{ offline: false, latency: 0, downloadThroughput: -1, uploadThroughput },
      })
    await limit(0.5 * MiB)
    const name = `cancelled-${mechanism}.bin`
    await choose(page, HOW, mechanism)
    await give(page, { name, mimeType: 'a/b', buffer: random(3 * MiB) })
    await untilTenPercent(page, name)
    const stopped = page.waitForEvent('requestfailed')
    await cancel(page, name)
    expect((await stopped).failure()?.errorText).toBe('net::ERR_ABORTED')
    await limit(-1)
    expect(await isStored(stage.cloud, `media/alice/${name}`)).toBe(false)
    await row(page, name).getByRole('button', { name: 'Retry' }).click()
    await proofIn(page, name)
    await close()
  },
  60_000,
)

test('stops in the middle by STS credentials and leaves nothing in OSS', async () => {
  const { page, close } = await stage.open()
  const name = 'cancelled.bin'
  // The first of three parts is uploaded, and the others are in progress when it is cancelled.
  const isLaterPart = ({ searchParams }: URL) => Number(searchParams.get('partNumber')) > 1
  const goOn = await holdBack(page, isLaterPart)
  await choose(page, HOW, 'STS credentials')
  await give(page, { name, mimeType: 'a/b', buffer: random(3 * MiB) })
  await untilTenPercent(page, name)
  const dropped = page.waitForResponse((each) => each.request().method() === 'DELETE')
  await cancel(page, name)
  goOn()
  expect((await dropped).status()).toBe(204)
  expect(await isStored(stage.cloud, `media/alice/${name}`)).toBe(false)
  await row(page, name).getByRole('button', { name: 'Retry' }).click()
  await proofIn(page, name)
  await close()
}, 60_000)

async function untilTenPercent(page: Page, name: string): Promise<void> {
  const bar = row(page, name).getByRole('progressbar')
  await page.waitForFunction(
    (element) => element instanceof HTMLProgressElement && element.value >= 10,
    await bar.elementHandle(),
  )
}

/** Presses the button, after which the upload has ended and can be retried. */
async function cancel(page: Page, name: string): Promise<void> {
  await row(page, name).getByRole('button', { name: 'Cancel' }).press('Enter')
  expect(await settled(page, name, 'cancelled')).toContain('Cancelled')
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Retry')
}
