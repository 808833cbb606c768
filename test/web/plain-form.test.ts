import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { type LocalCloud, startLocalCloud } from '../../local/start'
import { ask, type FormAnswer, random, sha256, storedHash, token } from '../e2e/support/client'
import { launchBrowser } from '../support/browser'
import { until } from '../support/until'

const readme = readFileSync('README.md', 'utf8')
const template = /```html\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''

let cloud: LocalCloud
let browser: Browser
let server: Server
let site: string
let html = ''

beforeAll(async () => {
  server = createServer(({ url }, response) => {
    const page = url === '/' ? html : '<h1>Thank you</h1>'
    response.setHeader('content-type', 'text/html; charset=gbk').end(page)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  cloud = await startLocalCloud({
    port: 0,
    rules: 'test/support/rules/large.ts',
    settings: { FORM_REDIRECTS: `${site}/thanks` },
    log: () => undefined,
  })
  browser = await launchBrowser()
}, 120_000)

afterAll(async () => {
  await browser.close()
  const closed = new Promise((done) => server.close(done))
  // The browser of the run keeps connections open, some of them unused.
  server.closeAllConnections()
  await closed
  await cloud.close()
})

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]|[^ -~]/gu, (character) => `&#${character.codePointAt(0)};`)
}

/** Renders the README's form as its sentence describes. */
function render({ url, fields }: FormAnswer): string {
  const [hidden = ''] = /.*\{name\}.*\n/.exec(template) ?? []
  const inputs = Object.entries(fields).map(([name, value]) =>
    hidden.replace('{name}', () => escapeHtml(name)).replace('{value}', () => escapeHtml(value)),
  )
  return template.replace('{url}', () => escapeHtml(url)).replace(hidden, () => inputs.join(''))
}

/** Posts a file with the README's form from a browser without JavaScript, and answers where that ends. */
async function postForm(more: object) {
  const file = random(300_000)
  const type = { contentType: 'application/octet-stream' }
  const request = { rule: 'plain', filename: 'a "b" & 报告.bin', ...type, ...more }
  const alice = await token(cloud.info, 'alice')
  const { body } = await ask<FormAnswer>(cloud.info, '/post-policy', request, alice)
  html = render(body)
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(site)
  await page.locator('input[type=file]').setInputFiles({
    name: 'whatever.txt',
    mimeType: 'text/plain',
    buffer: file,
  })
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().method() === 'POST'),
    page.locator('button').click(),
  ])
  await page.waitForLoadState()
  const end = {
    status: answer.status(),
    url: page.url(),
    text: await page.locator('body').textContent(),
  }
  expect(await storedHash(cloud.info, body.key)).toBe(sha256(file))
  await context.close()
  return { ...end, key: body.key }
}

async function eventOf(key: string): Promise<unknown> {
  let found: unknown
  await until(async () => {
    const answer = await fetch(`${cloud.info.gateway}/local/events`)
    const { events } = (await answer.json()) as { events: { event: { subject: string } }[] }
    found = events.find(({ event }) => event.subject === key)?.event
    return found !== undefined
  })
  return found
}

describe("the README's form, without JavaScript and from a page that is not in UTF-8", () => {
  it('ends on the page that it was asked to redirect to, and the trigger tells of the upload', async () => {
    const { status, url, text, key } = await postForm({ redirect: `${site}/thanks` })
    expect({ status, text }).toEqual({ status: 303, text: 'Thank you' })
    expect(url.startsWith(`${site}/thanks?`)).toBe(true)
    const event = await eventOf(key)
    expect(event).toMatchObject({ subject: key, data: { proof: 'trigger', size: 300_000 } })
  }, 60_000)

  it("ends on the callback's words when nothing is asked for", async () => {
    const { status, text } = await postForm({ filename: 'told.bin' })
    expect(status).toBe(200)
    expect(text).toContain('"status":"ok"')
  }, 60_000)
})
