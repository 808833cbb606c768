import { createBudget, withTimeout } from '../shared/budget'

it('gives each step its share, and never more than is left', () => {
  let elapsed = 0
  const budget = createBudget(4000, () => elapsed)
  expect(budget.share(1000)).toBe(1000)
  elapsed = 3500.5
  expect(budget.share(1000)).toBe(499)
  elapsed = 3999
  expect(budget.share(1000)).toBe(1)
  elapsed = 3999.5
  expect(() => budget.share(1000)).toThrow('time_ran_out')
  elapsed = 9000
  expect(() => budget.share(1000)).toThrow('time_ran_out')
})

it('gives up on work that takes longer, and passes on what does not', async () => {
  await expect(withTimeout(5, new Promise(() => undefined))).rejects.toThrow('longer than 5 ms')
  await expect(withTimeout(1000, Promise.resolve('done'))).resolves.toBe('done')
  await expect(withTimeout(1000, Promise.reject(new Error('own')))).rejects.toThrow('own')
})
