/** A measured value and its limit; without one, it is only printed. */
export type Budget = {
  name: string
  value: number
  /** The number of decimals to print. */
  digits?: number
  atLeast?: number
  atMost?: number
}

/** Prints one line per budget: its value, its limit, and whether it is kept or by how much it is missed. */
export function printBudgets(budgets: readonly Budget[]): void {
  for (const budget of budgets) {
    const { name, value, digits = 2, atLeast, atMost } = budget
    const limit = atLeast === undefined ? `<= ${atMost}` : `>= ${atLeast}`
    const verdict = verdictOf(budget)
    const cells = [name.padEnd(66), value.toFixed(digits).padStart(9)]
    console.log(verdict ? [...cells, limit.padEnd(9), verdict].join(' ') : cells.join(' '))
  }
}

/** Returns `kept`, or by how many percent of its limit a budget is missed; an empty text without a limit. */
export function verdictOf({ value, atLeast, atMost }: Omit<Budget, 'name'>): string {
  const limit = atLeast ?? atMost
  if (limit === undefined) return ''
  const excess = (atLeast === undefined ? value - limit : limit - value) / limit
  return excess <= 0 ? 'kept' : `MISSED by ${Math.max(1, Math.round(excess * 100))} %`
}
