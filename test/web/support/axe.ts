import axe from 'axe-core'
import type { Page } from 'playwright-core'

const WIDTHS = [390, 820, 1440] as const

/** Every size and theme in which the page is looked at. */
export const VIEWS = WIDTHS.flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
)

type View = (typeof VIEWS)[number]

/** Shows the page in this size and theme. */
export async function showIn(page: Page, { width, colorScheme }: View): Promise<void> {
  await page.setViewportSize({ width, height: 900 })
  await page.emulateMedia({ colorScheme })
}

/** Returns what axe finds wrong with the page, as rules with the elements that they are about. */
export async function findingsOf(page: Page): Promise<string[]> {
  // By the protocol, so the page's policy for scripts does not forbid it.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source)
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') }
    const { violations } = await axe.run(document, { resultTypes: ['violations'] })
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} (${failureSummary})`),
    )
  })
}

/** Returns what axe finds, and where the page is wider than its window, in these sizes and themes: all by default. */
export async function findingsEverywhere(
  page: Page,
  views: readonly View[] = VIEWS,
): Promise<string[]> {
  const found: string[] = []
  for (const view of views) {
    await showIn(page, view)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    const all = [...(await findingsOf(page)), ...(wide > 0 ? [`${wide} px too wide`] : [])]
    found.push(...all.map((finding) => `${view.width} ${view.colorScheme}: ${finding}`))
  }
  return found
}
