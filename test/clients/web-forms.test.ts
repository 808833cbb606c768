// Covers functions/post-policy.ts: the real clients of Alibaba's web samples, in Chromium.
import type { Page } from 'playwright-core'
import { eventsOf, sha256, storedHash } from '../e2e/support/client'
import { isStored } from '../web/support/harness'
import { shareClients } from './support/pages'

const clients = shareClients()

type Given = { name: string; mimeType: string; buffer: Buffer }
const png = (name: string, buffer = Buffer.from(name)): Given => {
  return { name: `${name}.png`, mimeType: 'image/png', buffer }
}
const LIMIT = 1024 * 1024

function give(page: Page, ...files: Given[]): Promise<void> {
  return page.locator('input[type=file]').first().setInputFiles(files)
}

/** Checks that what a page told of is stored, and that there is one event of it. */
async function expectProven(told: string, { buffer }: Given): Promise<void> {
  const { info } = clients().cloud
  const key = JSON.parse(told.slice(told.indexOf('{'))).key
  expect(key).toMatch(/^web\/alice\//)
  expect(await storedHash(info, key)).toBe(sha256(buffer))
  const events = await eventsOf(info, key)
  expect(events.map(({ data }) => [data.rule, data.sub, data.mechanism, data.proof])).toEqual([
    ['web', 'alice', 'form', 'callback'],
  ])
}

describe.each([
  ['the classic sample with plupload', 'plupload', { as: 'web-v1' }],
  ['plupload with the fields of version 4', 'plupload', { as: 'web-v4' }],
  ['the sample for version 4', 'web-v4', {}],
  ['the sample for version 4, asking for each file,', 'web-v4', { strict: 'yes' }],
  ["antd's sample", 'antd', {}],
  ['el-upload of Element Plus', 'element-plus', {}],
])('%s', (title, name, settings: Record<string, string>) => {
  const open = () => clients().open(name, { rule: 'web', ...settings })

  it('stores files and makes an event of each', async () => {
    const { page, told, complaints, close } = await open()
    for (const [index, file] of [png(`报告 1+2%, ${title}`), png(`b, ${title}`)].entries()) {
      await give(page, file)
      const results = await told(index + 1)
      await expectProven(results[index] ?? '', file)
    }
    expect(complaints).toEqual([])
    await close()
  })

  it('is refused by OSS with another type, and with a byte too many', async () => {
    const { page, told, close } = await open()
    const html = { name: `c, ${title}.html`, mimeType: 'text/html', buffer: Buffer.from('<html>') }
    await give(page, html)
    const [wrongType] = await told(1)
    await give(page, png(`d, ${title}`, Buffer.alloc(LIMIT + 1)))
    const [, tooLarge] = await told(2)
    // A form for one file of a type that the rule does not allow is refused before there is one.
    expect(wrongType).toMatch(
      name === 'web-v4' && settings.strict ? /Error: no signature/ : / 403 /,
    )
    expect(tooLarge).toMatch(/ 400 /)
    for (const key of [`web/alice/${html.name}`, `web/alice/d, ${title}.png`]) {
      expect(await isStored(clients().cloud, key)).toBe(false)
    }
    await close()
  })
})
