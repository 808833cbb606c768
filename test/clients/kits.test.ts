// Covers client/adapters/antd.ts, client/adapters/element-plus.ts, client/adapters/filepond.ts, client/adapters/uppy.ts and client/adapters/uppy-events.ts.
import type { Page } from 'playwright-core'
import { eventsOf, random, sha256, storedHash } from '../e2e/support/client'
import { until } from '../support/until'
import { isStored } from '../web/support/harness'
import { shareClients } from './support/pages'

const clients = shareClients('test/support/rules/kits.ts')

const REFUSAL =
  'This rule allows the content types application/pdf, image/*; this file has text/plain.'

const NOT_NOW = { code: 'not_allowed', detail: 'Not now.' }

type Given = { name: string; mimeType: string; buffer: Buffer }
const pdf = (name: string, bytes = 300_000): Given => ({
  ...{ name: `${name}.pdf`, mimeType: 'application/pdf', buffer: random(bytes) },
})

function give(page: Page, ...files: Given[]): Promise<void> {
  return page.locator('input[type=file]:not([data-replaced])').first().setInputFiles(files)
}

const percentsOf = (page: Page): Promise<number[]> =>
  page.evaluate(() => Reflect.get(window, 'percents'))

/** Keeps the PUTs of a page from being answered until it is let go; counts them, and those that the page aborts. */
async function holdPuts(page: Page) {
  const counts = { held: 0, aborted: 0, deleted: 0 }
  page.on('response', (response) => {
    if (response.request().method() === 'DELETE' && response.ok()) counts.deleted++
  })
  const isPut = (method: string) => method === 'PUT'
  page.on('requestfailed', (request) => {
    if (isPut(request.method())) counts.aborted++
  })
  await page.route(/\/documents\//, (route) => {
    if (!isPut(route.request().method())) return route.continue()
    counts.held++
    return undefined
  })
  return { counts, letGo: () => page.unroute(/\/documents\//) }
}

/** Answers the PUTs of a page as OSS does when the callback's answer is not to be had. */
async function loseProofs(page: Page): Promise<() => Promise<void>> {
  await page.route(/\/documents\//, async (route) => {
    if (route.request().method() !== 'PUT') return route.continue()
    const response = await route.fetch()
    return route.fulfill({
      response,
      status: 203,
      body: '<Error><Code>CallbackFailed</Code></Error>',
    })
  })
  return () => page.unroute(/\/documents\//)
}

/** Where a kit itself shows its user the sentence of a refusal. */
const SENTENCES: Readonly<Record<string, { hovered?: string; shown: string }>> = {
  antd: { hovered: '.ant-upload-list-item-error', shown: '.ant-tooltip' },
  filepond: { shown: '.filepond--file-status-main' },
}

const click = (selector: string) => (page: Page) => page.locator(selector).dispatchEvent('click')
const callUppy = (method: string) => (page: Page) =>
  page.evaluate((name) => Reflect.get(window, 'uppy')[name](), method)

const KITS: [string, Record<string, string>, (page: Page) => Promise<unknown>][] = [
  ['antd', {}, click('.ant-upload-list-item-action')],
  ['element-plus', {}, click('.el-icon--close')],
  ['filepond', {}, click('.filepond--action-abort-item-processing')],
  ['uppy', {}, callUppy('cancelAll')],
  ['uppy', { version: '5' }, callUppy('cancelAll')],
  ['uppy', { version: '5', mechanism: 'parts' }, callUppy('cancelAll')],
  ['uppy', { version: '6', mechanism: 'parts' }, callUppy('cancelAll')],
]

describe.each(KITS)('the page of %s with %j', (kit, settings, cancel) => {
  const open = () => clients().open(`example-${kit}`, settings)
  const nameOf = (what: string) => `${what} ${kit} ${Object.values(settings).join(' ')}`.trim()

  it('stores files and shows how far they are, and says what is refused or not proven', async () => {
    const { page, told, complaints, close } = await open()
    const file = pdf(nameOf('报告 1+2%'))
    await give(page, file)
    const key = `documents/alice/${file.name}`
    expect(await told(1)).toEqual([`${key}: true`])
    const { info } = clients().cloud
    expect(await storedHash(info, key)).toBe(sha256(file.buffer))
    const events = await eventsOf(info, key)
    expect(events.map(({ data }) => [data.mechanism, data.proof])).toEqual([['url', 'callback']])
    const percents = await percentsOf(page)
    expect([percents[0], percents.at(-1)]).toEqual([0, 100])
    expect(percents).toEqual(percents.toSorted((a, b) => a - b))

    // FilePond has no word for it, and parts end with a POST.
    if (kit !== 'filepond' && !settings.mechanism) {
      const letGo = await loseProofs(page)
      const unproven = pdf(nameOf('unproven'))
      await give(page, unproven)
      expect((await told(2))[1]).toBe(`documents/alice/${unproven.name}: false`)
      await letGo()
    }

    await give(page, { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a') })
    await until(async () => (await told(0)).includes(REFUSAL))
    const { hovered, shown } = SENTENCES[kit] ?? {}
    if (hovered) await page.hover(hovered)
    if (shown) {
      await until(async () => (await page.locator(shown).allTextContents()).includes(REFUSAL))
    }
    // Element Plus and Uppy print the errors of uploads themselves.
    expect(complaints.filter((text) => !text.includes(REFUSAL))).toEqual([])
    await close()
  })

  it('aborts a file that the user takes away', async () => {
    const { page, told, complaints, close } = await open()
    const { counts } = await holdPuts(page)
    const file = pdf(nameOf('b'))
    await give(page, file)
    await until(() => counts.held > 0)
    await cancel(page)
    await until(() => counts.aborted === counts.held)
    // The parts, too, which would be paid for.
    if (settings.mechanism) await until(() => counts.deleted === 1)
    expect(await isStored(clients().cloud, `documents/alice/${file.name}`)).toBe(false)
    expect(await told(0)).toEqual([])
    expect(complaints.filter((text) => !text.includes('net::ERR'))).toEqual([])
    await close()
  })
})

it('runs the example with the client alone', async () => {
  const { page, told, complaints, close } = await clients().open('example-typed-client')
  const file = pdf('typed-client')
  await give(page, file)
  await told(1)
  await give(page, { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a') })
  const key = `documents/alice/${file.name}`
  expect(await told(2)).toEqual([`${key}: proven`, `file_type_not_allowed: ${REFUSAL}`])
  expect(await eventsOf(clients().cloud.info, key)).toHaveLength(1)
  expect(await percentsOf(page)).toContain(100)
  expect(complaints).toEqual([])
  await close()
})

it.each(['5', '6'])(
  'pauses and resumes parts with Uppy %s, and sends what is missing alone',
  async (version) => {
    const { page, told, complaints, close } = await clients().open('example-uppy', {
      version,
      mechanism: 'parts',
    })
    const puts: string[] = []
    page.on('requestfinished', (request) => {
      if (request.method() === 'PUT')
        puts.push(new URL(request.url()).searchParams.get('partNumber') ?? '')
    })
    const { counts, letGo } = await holdPuts(page)
    const file = pdf(`paused ${version}`)
    await give(page, file)
    await until(() => counts.held > 0)
    await callUppy('pauseAll')(page)
    await until(() => counts.aborted === counts.held)
    await letGo()
    await callUppy('resumeAll')(page)
    const key = `documents/alice/${file.name}`
    expect(await told(1)).toEqual([`${key}: true`])
    expect(puts.toSorted()).toEqual(['1', '2', '3'])
    expect(await storedHash(clients().cloud.info, key)).toBe(sha256(file.buffer))
    expect(complaints.filter((text) => !text.includes('net::ERR'))).toEqual([])
    await close()
  },
)

it('deletes with FilePond what the user takes back', async () => {
  const { page, told, complaints, close } = await clients().open('example-filepond')
  const file = pdf('taken back')
  await give(page, file)
  const key = `documents/alice/${file.name}`
  expect(await told(1)).toEqual([`${key}: true`])
  await click('.filepond--action-revert-item-processing')(page)
  await told(2)
  // FilePond tells it while the request is on its way.
  await until(async () => !(await isStored(clients().cloud, key)))
  expect(complaints).toEqual([])
  await close()
})

it.each(['5', '6'])(
  'tries again with Uppy %s, takes one file away and refuses remote ones',
  async (version) => {
    const { page, told, close } = await clients().open('example-uppy', { version })
    await page.route(/\/signed-url/, (route) => route.fulfill({ status: 403, json: NOT_NOW }))
    const kept = pdf(`kept ${version}`)
    await give(page, kept, pdf(`removed ${version}`))
    expect(await told(2)).toEqual([NOT_NOW.detail, NOT_NOW.detail])
    await page.unroute(/\/signed-url/)
    await page.evaluate(() => {
      const uppy = Reflect.get(window, 'uppy')
      const [{ id }, removed] = uppy.getFiles()
      uppy.removeFile(removed.id)
      return uppy.retryUpload(id)
    })
    const [, , again] = await told(3)
    expect(again).toBe(`documents/alice/${kept.name}: true`)
    await page.evaluate(() => {
      const uppy = Reflect.get(window, 'uppy')
      const remote = {
        url: 'http://127.0.0.1:1/',
        companionUrl: 'http://127.0.0.1:1/',
        requestClientId: 'a',
      }
      uppy.addFile({
        name: 'far.pdf',
        type: 'application/pdf',
        isRemote: true,
        data: { size: 5 },
        remote,
      })
      return uppy.upload()
    })
    expect((await told(4))[3]).toBe('The file must be one of this device.')
    await close()
  },
)
