/** How often a property is tried; less where a mutation run does it two thousand times over. */
export const RUNS = process.env.STRYKER_MUTATOR_WORKER === undefined ? 1500 : 150
