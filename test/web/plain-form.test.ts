import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { type LocalCloud, startLocalCloud } from '../../local/start'
import { ask, type FormAnswer, random, sha256, storedHash, token } from '../e2e/client'
import { connectBrowser } from '../support/browser'

const readme = readFileSync('README.md', 'utf8')
const template = /```html\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''

let cloud: LocalCloud
let browser: Browser
let server: Server
let html = ''

beforeAll(async () => {
  cloud = await startLocalCloud({
    port: 0,
    rules: 'test/support/rules/media.ts',
    log: () => undefined,
  })
  browser = await connectBrowser()
  server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html; charset=gbk').end(html)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
}, 120_000)

afterAll(async () => {
  await browser.close()
  server.close()
  await cloud.close()
})

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]|[^ -~]/gu, (character) => `&#${character.codePointAt(0)};`)
}

/** The README's form as its sentence says to render it. */
function render({ url, fields }: FormAnswer): string {
  const [hidden = ''] = /.*\{name\}.*\n/.exec(template) ?? []
  const inputs = Object.entries(fields).map(([name, value]) =>
    hidden.replace('{name}', () => escapeHtml(name)).replace('{value}', () => escapeHtml(value)),
  )
  return template.replace('{url}', () => escapeHtml(url)).replace(hidden, () => inputs.join(''))
}

it("posts the README's form without JavaScript, from a page that is not in UTF-8 too", async () => {
  const file = random(300_000)
  const wish = {
    rule: 'media',
    filename: 'a "b" & 报告.bin',
    contentType: 'application/octet-stream',
  }
  const { body } = await ask<FormAnswer>(
    cloud.info,
    '/post-policy',
    wish,
    await token(cloud.info, 'alice'),
  )
  html = render(body)
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await page.locator('input[type=file]').setInputFiles({
    name: 'whatever.txt',
    mimeType: 'text/plain',
    buffer: file,
  })
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === 'POST'),
    page.locator('button').click(),
  ])
  expect(answer.status()).toBe(200)
  await expect(page.locator('body').textContent()).resolves.toContain('"status":"ok"')
  expect(await storedHash(cloud.info, body.key)).toBe(sha256(file))
  await context.close()
}, 60_000)
