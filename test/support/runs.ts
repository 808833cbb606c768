const { STRYKER_MUTATOR_WORKER, RANDOM_RUNS = 500 } = process.env

/** How often a property is tried: `RANDOM_RUNS`; less where a mutation run does it two thousand times over. */
export const RUNS = STRYKER_MUTATOR_WORKER === undefined ? Number(RANDOM_RUNS) : 150
