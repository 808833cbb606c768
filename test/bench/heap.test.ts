import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { openRunner, type Runner, runChild } from '../../bench/function-runner'
import { FIXED_HEAP, GROWTH_LIMIT_BYTES } from '../../bench/heap'
import { OWN } from '../../bench/own-cases'
import { FUNCTION_BUDGETS } from '../../tools/build/budgets'

// Counts, no times: what a process reads, keeps and allocates is the same on a busy machine.

const FUNCTIONS = Object.entries(FUNCTION_BUDGETS)
// About a tenth above what each allocates; parts are ten.
const SIGNER_BYTES = {
  [OWN.url4]: 13_000,
  [OWN.url1]: 9_500,
  [OWN.header]: 8_500,
  [OWN.form]: 22_000,
  [OWN.ticket]: 5_500,
  [OWN.parts]: 48_000,
  [OWN.callback]: 16_500,
} as const satisfies Record<(typeof OWN)[keyof typeof OWN], number>
const SIGNERS = Object.entries(SIGNER_BYTES)

let functions: Runner
let folder: string
let signers: { growth: Record<string, number>; allocated: Record<string, number> }

beforeAll(async () => {
  functions = await openRunner()
  folder = mkdtempSync(join(tmpdir(), 'signers-'))
  const script = join(folder, 'signer-process.cjs')
  const entryPoints = [join(__dirname, '../../bench/signer-process.ts')]
  const options = { outfile: script, bundle: true, platform: 'node', target: 'node20' } as const
  await build({ entryPoints, ...options })
  const run = (measure: string, execArgv: readonly string[]) =>
    runChild(script, { args: [measure], env: {}, execArgv }) as Promise<Record<string, number>>
  signers = { growth: await run('growth', []), allocated: await run('allocated', FIXED_HEAP) }
}, 60_000)
afterAll(() => {
  functions.close()
  rmSync(folder, { recursive: true })
})

test.each(FUNCTIONS)('the first answer of %s reads no other file', async (name, { files }) => {
  expect(await functions.run('files', name)).toEqual(files)
})

test.each(FUNCTIONS)('%s keeps nothing of 10,000 calls', async (name) => {
  expect(await functions.run('growth', name)).toBeLessThan(GROWTH_LIMIT_BYTES)
})

test.each(FUNCTIONS)('a call of %s allocates no more than its budget', async (name, budget) => {
  const bytes = await functions.run('allocated', name, FIXED_HEAP)
  expect(bytes).toBeGreaterThan(budget.allocated / 2)
  expect(bytes).toBeLessThanOrEqual(budget.allocated)
})

test.each(SIGNERS)('nothing is kept of 10,000 calls: %s', (name) => {
  expect(signers.growth[name]).toBeLessThan(GROWTH_LIMIT_BYTES)
})

test.each(SIGNERS)('a call allocates no more than its budget: %s', (name, budget) => {
  expect(signers.allocated[name]).toBeGreaterThan(budget / 2)
  expect(signers.allocated[name]).toBeLessThanOrEqual(budget)
})
