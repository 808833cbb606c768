import { openRunner, type Runner } from '../../bench/function-runner'
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

let runner: Runner
let signers: Readonly<Record<'growth' | 'allocated', Readonly<Record<string, number>>>>

beforeAll(async () => {
  runner = await openRunner()
  const growth = await runner.runSigners('growth')
  signers = { growth, allocated: await runner.runSigners('allocated', FIXED_HEAP) }
}, 60_000)
afterAll(() => runner.close())

test.each(FUNCTIONS)('the first answer of %s reads no other file', async (name, { files }) => {
  expect(await runner.run('files', name)).toEqual(files)
})

test.each(FUNCTIONS)('%s keeps nothing of 10,000 calls', async (name) => {
  expect(await runner.run('growth', name)).toBeLessThan(GROWTH_LIMIT_BYTES)
})

test.each(FUNCTIONS)('a call of %s allocates no more than its budget', async (name, budget) => {
  const bytes = await runner.run('allocated', name, FIXED_HEAP)
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
