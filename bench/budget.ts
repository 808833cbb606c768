/** A figure of performance and what it must be. */
export type Budget = {
  name: string
  value: number
  /** How many decimals are worth reading. */
  digits?: number
} & ({ atLeast: number } | { atMost: number })

/** Prints one line a budget, and whether it is kept. */
export function printBudgets(budgets: readonly Budget[]): void {
  for (const budget of budgets) {
    const { name, value, digits = 2 } = budget
    const isKept = 'atLeast' in budget ? value >= budget.atLeast : value <= budget.atMost
    const limit = 'atLeast' in budget ? `>= ${budget.atLeast}` : `<= ${budget.atMost}`
    const verdict = isKept ? 'kept' : 'MISSED'
    console.log(name.padEnd(66), value.toFixed(digits).padStart(9), limit.padEnd(9), verdict)
  }
}
