import type { Locator, Page } from 'playwright-core'
import { give, type Named, type OpenPage, row, settled } from './harness'

/** Uploads a file and looks into it, until its event is there. */
export async function lookInto({ page }: OpenPage, named: Named): Promise<void> {
  await give(page, named)
  await settled(page, named.name, 'done')
  await row(page, named.name)
    .getByRole('button', { name: /^(Look into|查看)/ })
    .click()
  await page.locator('.step:last-child.good').waitFor()
}

/** Returns what is shown in a place. */
export const shownIn = async (place: Locator) => (await place.allInnerTexts()).join('\n')

/** Opens a step and returns what it shows. */
export async function openStep(page: Page, title: string): Promise<string> {
  const step = page.locator('.step', {
    has: page.locator('summary b').getByText(title, { exact: true }),
  })
  await step.locator('summary').first().click()
  await step.locator('.step-body').waitFor()
  return shownIn(step.locator('.step-body'))
}

/** Presses the button of a trial and returns what came of it. */
export async function tryOut(page: Page, name: string): Promise<string> {
  await page.locator('.try-out').getByRole('button', { name }).click()
  await page.locator('.trial', { hasText: name }).waitFor()
  return shownIn(page.locator('.trial'))
}

/** Every signature and token that a page sends; read at the end. */
export function watchSecrets(page: Page): () => string[] {
  const found = new Set<string>()
  page.on('request', (request) => {
    const url = new URL(request.url())
    const token = request.headers().authorization?.split('.')[2]
    const body = request.postData() ?? ''
    const ticket = Buffer.from(url.searchParams.get('callback-var') ?? '', 'base64').toString()
    const texts = [`${ticket}${body}`.match(/eyJ[\w-]+\.[\w-]+\.([\w-]{43})/)?.[1], token]
    const fields = body.match(/name="x-oss-(?:signature|security-token)"\s+(\S+)/g) ?? []
    const names = ['x-oss-signature', 'x-oss-security-token']
    const query = names.map((name) => url.searchParams.get(name))
    for (const each of [...texts, ...query, ...fields.map((field) => field.split(/\s+/).at(-1))]) {
      if (each) found.add(each)
    }
  })
  return () => [...found]
}
