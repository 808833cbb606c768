/** How large a deployed function's entry may be: a cold start reads all of it. */
export const BUDGET_BYTES = 90_000

/** The limits of one function; a cold start pays for the first three before its first answer. */
type FunctionBudget = {
  /** The size of the entry. */
  bytes: number
  /** The source files whose code runs when the entry is loaded. */
  modules: number
  /** The files read before the first answer, the entry among them. */
  files: readonly string[]
  /** The bytes that one call allocates in code that V8 has not optimised. */
  allocated: number
}

/** The limits of every function, about a tenth above what each has: the benchmark prints them, and the tests hold them. */
export const FUNCTION_BUDGETS = {
  'post-policy': { bytes: 84_000, modules: 84, files: ['index.js'], allocated: 52_000 },
  'signed-url': { bytes: BUDGET_BYTES, modules: 92, files: ['index.js'], allocated: 56_000 },
  sts: { bytes: 87_000, modules: 85, files: ['index.js', 'sts-sdk.js'], allocated: 37_000 },
  'upload-callback': { bytes: 70_000, modules: 77, files: ['index.js'], allocated: 40_000 },
  'upload-event': { bytes: 60_000, modules: 72, files: ['index.js'], allocated: 22_000 },
  'upload-sweep': { bytes: 53_000, modules: 58, files: ['index.js'], allocated: 3_000 },
} as const satisfies Record<string, FunctionBudget>

/** How large the entry of the web server may be, which starts once for many requests. */
export const WEB_SERVER_BUDGET_BYTES = 145_000

/** How much the typed client may add to a page, minified and compressed. */
export const CLIENT_BUDGET_BYTES = 8192

/** How large all files of the page may be, compressed, without ali-oss. */
export const PAGE_BUDGET_BYTES = 100_000
