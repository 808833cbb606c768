import media from '../support/rules/media'
import { give, holdBack, proofIn, type Stage, startStage } from './support/harness'

const PNG = { name: 'face.png', mimeType: 'image/png', buffer: Buffer.from('face') }
let stage: Stage

beforeAll(async () => {
  stage = await startStage()
}, 60_000)

afterAll(() => stage.close())

test('offers the rules that are in force, and says when it hears of none', async () => {
  const { page, close } = await stage.open()
  const offered = await page
    .getByRole('group', { name: 'Which rule applies' })
    .locator('label')
    .allTextContents()
  expect(offered.map((label) => label.split(' ')[0])).toEqual(
    [...media.values()].filter(({ upload }) => upload).map(({ name }) => name),
  )
  expect(offered.slice(0, 3)).toEqual([
    'media Any type, at most 200 MiB.',
    'avatar image/png, image/jpeg, or image/webp, at most 5 MiB.',
    'documents application/pdf or image/*, at most 2 GiB. Not for every caller.',
  ])
  await page.route('**/local/rules', (route) => route.abort())
  await page.reload()
  await page.getByText('Network error: reload the page').waitFor()
  await page.unroute('**/local/rules')
  await page.route('**/local/rules', (route) => route.fulfill({ json: { rules: [] } }))
  await page.reload()
  await page.getByText('No rule takes uploads').waitFor()
  await close()
})

test('sends files that are given before the rules are known', async () => {
  const { page, close } = await stage.open()
  const goOn = await holdBack(page, '/local/rules')
  await page.reload()
  await give(page, PNG)
  goOn()
  await proofIn(page, 'face.png')
  await close()
})
