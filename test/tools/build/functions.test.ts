import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  BUDGET_BYTES,
  FUNCTION_BUDGETS,
  WEB_SERVER_BUDGET_BYTES,
} from '../../../tools/build/budgets'
import {
  type BuiltFunction,
  buildFunctions,
  WEB_SERVER,
  warnAboutSize,
} from '../../../tools/build/functions'

const outDir = mkdtempSync(join(tmpdir(), 'build-'))
let built: BuiltFunction[]

beforeAll(async () => {
  built = await buildFunctions({ outDir })
}, 60_000)
afterAll(() => rmSync(outDir, { recursive: true }))

test('has a budget of 90,000 bytes', () => {
  expect(BUDGET_BYTES).toBe(90_000)
})

test.each(Object.entries(FUNCTION_BUDGETS))(
  'the bundle of %s is within its budget, in bytes and in modules',
  (name, budget) => {
    const { bytes = 0, modules = 0 } = built.find((each) => each.name === name) ?? {}
    expect(budget.bytes).toBeLessThanOrEqual(BUDGET_BYTES)
    expect(bytes).toBeGreaterThan(10_000)
    expect(bytes).toBeLessThanOrEqual(budget.bytes)
    expect(modules).toBeGreaterThan(budget.modules / 2)
    expect(modules).toBeLessThanOrEqual(budget.modules)
  },
)

test('no bundle is left unmeasured, and none is warned about', () => {
  const measured = [...Object.keys(FUNCTION_BUDGETS), 'upload-consumer']
  expect(built.map(({ name }) => name)).toEqual(measured)
  expect(warnAboutSize(built)).toEqual([])
})

test.each([
  ['sts', ['jose', 'valibot']],
  ['signed-url', ['jose', 'valibot']],
  ['post-policy', ['jose', 'valibot']],
  ['upload-callback', ['valibot']],
  ['upload-event', ['valibot']],
  ['upload-sweep', ['valibot']],
  ['upload-consumer', []],
])('%s has code of the packages %j in its entry, and of no other', (name, packages) => {
  expect(built.find((each) => each.name === name)?.packages).toEqual(packages)
})

test.each(['sts', 'upload-callback'])(
  '%s requires its SDK, which import() would read twice more',
  (name) => {
    const text = readFileSync(join(outDir, name, 'index.js'), 'utf8')
    expect(text).toMatch(/\brequire\("\.\/\w+-sdk\.js"\)/)
    expect(text).not.toMatch(/\bimport\(/)
  },
)

test('the web server is built where it is asked for, with the SDK of credentials beside it', async () => {
  const serverDir = join(outDir, 'with-server')
  const withServer = await buildFunctions({ outDir: serverDir, webServer: true })
  const {
    file = '',
    bytes = 0,
    packages,
  } = withServer.find(({ name }) => name === WEB_SERVER) ?? {}
  expect(packages).toEqual(['jose', 'valibot'])
  expect(bytes).toBeGreaterThan(BUDGET_BYTES)
  expect(bytes).toBeLessThanOrEqual(WEB_SERVER_BUDGET_BYTES)
  expect(warnAboutSize(withServer)).toEqual([])
  expect(readFileSync(file, 'utf8')).toContain('require("./credentials-sdk.js")')
  const files = readdirSync(join(serverDir, WEB_SERVER)).sort()
  expect(files).toEqual(expect.arrayContaining(['credentials-sdk.js', 'fc-sdk.js', 'sts-sdk.js']))
})

test('warns of a bundle one byte over the budget, and of none at it', () => {
  expect(
    warnAboutSize([
      { name: 'sts', bytes: BUDGET_BYTES },
      { name: 'signed-url', bytes: BUDGET_BYTES + 1 },
    ]),
  ).toEqual([
    'Warning: signed-url has 90001 bytes, 1 more than the 90000 that keep its cold start short',
  ])
})
