// Covers local/plain: the upload of a browser without JavaScript.
import type { Page } from 'playwright-core'
import { localeOf, sentencesOf } from '../../local/plain/sentences'
import { toRefusal, toStatus } from '../../local/plain/status'
import { MiB, PIXEL, type Stage, startStage } from './support/harness'

let stage: Stage

beforeAll(async () => {
  stage = await startStage()
}, 60_000)

afterAll(() => stage.close())

const visit = (locale: string, path: string) =>
  stage.open({ path, locale, javaScriptEnabled: false, viewport: { width: 390, height: 800 } })

async function sign(page: Page, rule: string, filename: string): Promise<void> {
  await page.locator('[name=sub]').fill('alice <b>')
  await page.locator('[name=rule]').selectOption(rule)
  await page.locator('[name=filename]').fill(filename)
  await page.locator('button').click()
}

async function send(page: Page, buffer: Buffer): Promise<void> {
  const file = { name: 'whatever.txt', mimeType: 'text/plain', buffer }
  await page.locator('input[type=file]').setInputFiles(file)
  await page.locator('button').click()
}

const status = (page: Page, sentence: string) =>
  page.frameLocator('.status').getByText(sentence).waitFor()

test('leads from the page to a form that goes to OSS, and ends in words of its own', async () => {
  const { page, complaints, close } = await visit('en-GB', '/')
  expect(await page.getByRole('button').count()).toBe(0)
  await page.getByRole('link', { name: 'Upload with a plain form' }).click()
  await sign(page, 'avatar', 'me.png')
  expect(await page.textContent('main')).toMatch(/one file of the type image\/png\. .* 5 MiB\./)
  await status(page, 'Nothing has arrived yet')
  await send(page, PIXEL)
  await status(page, 'the callback has proved it')
  // What OSS says is in the other frame, which nobody sees.
  const hidden = page.frameLocator('[name=answer]').locator('body')
  expect(await hidden.textContent()).toContain('"status":"ok"')
  expect(await page.locator('[name=answer]').isVisible()).toBe(false)
  expect(page.url()).toBe(`${stage.cloud.info.gateway}/plain`)
  expect(complaints).toEqual([])
  await close()
}, 60_000)

test('says in Chinese, too, what OSS or the functions refuse, and lets one choose again', async () => {
  const { page, close } = await visit('zh-CN', '/plain')
  await sign(page, 'avatar', 'me.png')
  await send(page, Buffer.alloc(5 * MiB + 1))
  await status(page, '文件大小超出表单允许的上限')
  await send(page, PIXEL)
  await status(page, '已通过回调校验')
  await page.getByRole('link', { name: '上传其他文件' }).click()
  for (const [name, sentence] of [
    ['me.gif', '不允许上传此类型的文件（image/gif）'],
    ['no-extension', '不允许上传此类型的文件'],
  ] as const) {
    await sign(page, 'avatar', name)
    await page.getByText(sentence).waitFor()
    await page.getByRole('link', { name: '返回' }).click()
  }
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
  expect(await page.locator('option').allTextContents()).not.toContain('documents')
  const width = await page.locator('body').evaluate(({ scrollWidth }) => scrollWidth)
  expect(width).toBeLessThanOrEqual(390)
  await close()
}, 60_000)

test('shows no token in a URL, takes no incomplete form, and forgets a form that is over', async () => {
  const { gateway, oss } = stage.cloud.info
  const incomplete = await fetch(`${gateway}/plain`, { method: 'POST', body: 'sub=alice' })
  expect(await incomplete.text()).toContain('Something is missing')
  const unknown = await fetch(`${gateway}/plain/status?upload=abc`)
  expect([unknown.headers.get('refresh'), await unknown.text()]).toEqual([
    null,
    expect.stringContaining('no longer good'),
  ])
  const asked = new URLSearchParams({ sub: 'a', plan: 'free', rule: 'avatar', filename: 'a.png' })
  const signed = await fetch(`${gateway}/plain`, { method: 'POST', body: asked })
  const html = await signed.text()
  const urls = [...html.matchAll(/(?:action|src|href)="([^"]*)"/g)].map(([, url]) => url)
  expect(urls).toEqual([
    '/favicon.svg',
    '/plain.css',
    `${oss}/${stage.cloud.info.bucket}/`,
    expect.stringMatching(/^\/plain\/status\?upload=[0-9a-f-]{36}$/),
    '/plain',
  ])
  const policy = signed.headers.get('content-security-policy')
  expect(policy).toContain(`default-src 'none'; style-src 'self'`)
  expect(policy).not.toContain('script')
  stage.cloud.clock.set(Date.now() + 11 * 60_000)
  const over = await fetch(new URL(urls[3] ?? '', gateway))
  expect(await over.text()).toContain('no longer good')
  stage.cloud.clock.set(Date.now())
})

test('has a sentence for every outcome, in the language that is preferred', () => {
  const form = { requestId: '', receivedAt: 0, method: 'POST', operation: 'PostObject', who: '' }
  const callback = { sentAt: 0, url: '', headers: {}, body: '', checks: [] }
  const outcome = (status: number, code?: string, callbacks = [callback]) =>
    toStatus([{ ...form, status, callbacks, ...(code && { code }) }]).sentence
  expect(toStatus().sentence).toBe('waiting')
  expect([outcome(200), outcome(204, undefined, []), outcome(203)]).toEqual([
    'proven',
    'stored',
    'unproven',
  ])
  expect([outcome(400, 'EntityTooSmall'), outcome(409, 'FileAlreadyExists')]).toEqual([
    'tooSmall',
    'exists',
  ])
  expect(sentencesOf('en')('refused', { code: 'constructor' })).toContain('(code: constructor)')
  expect([outcome(403, 'constructor'), toRefusal('toString', '').sentence]).toEqual([
    'refused',
    'failed',
  ])
  const headers = ['zh', 'fr, zh-TW;q=0.8, en;q=0.7', 'en;q=0.2, zh-CN;q=0.9', 'fr', '', 'zh;q=0']
  expect(headers.map(localeOf)).toEqual(['zh', 'zh', 'zh', 'en', 'en', 'en'])
})
