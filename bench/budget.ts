/** A measured value and its limit. */
export type Budget = {
  name: string
  value: number
  /** The number of decimals to print. */
  digits?: number
} & ({ atLeast: number } | { atMost: number })

/** Prints one line per budget, with its result. */
export function printBudgets(budgets: readonly Budget[]): void {
  for (const budget of budgets) {
    const { name, value, digits = 2 } = budget
    const isKept = 'atLeast' in budget ? value >= budget.atLeast : value <= budget.atMost
    const limit = 'atLeast' in budget ? `>= ${budget.atLeast}` : `<= ${budget.atMost}`
    const verdict = isKept ? 'kept' : 'MISSED'
    console.log(name.padEnd(66), value.toFixed(digits).padStart(9), limit.padEnd(9), verdict)
  }
}
