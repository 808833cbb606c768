import { parseArgs } from 'node:util'
import { Stryker } from '@stryker-mutator/core'
import jest from '../jest.config.json'

/** The folders of `shared/` whose code is mutated, each with the tests that must notice. */
const TESTS = {
  http: ['http'],
  signing: ['signing'],
  auth: ['auth'],
  rules: ['rules', 'schema', 'policy'],
  policy: ['policy'],
  callback: ['callback'],
  events: ['events'],
  urls: ['urls'],
} as const satisfies Record<string, readonly string[]>

type Folder = keyof typeof TESTS

// Thousands of random cases, whole commands and large SDKs would run once for each mutant.
const SLOW = ['equivalence', 'hostile', 'oracle', 'random', 'tool', 'slow-provider']

/** Mutates one folder of `shared/` and runs its tests; sets the exit code where too many mutants survive. */
async function mutate(folder: Folder, concurrency: number): Promise<void> {
  const { testEnvironment, transform, transformIgnorePatterns, testTimeout } = jest
  const config = {
    ...{ testEnvironment, transform, transformIgnorePatterns, testTimeout },
    // Few roots: each mutant has Jest look through all of them.
    roots: ['<rootDir>/shared', ...TESTS[folder].map((name) => `<rootDir>/test/${name}`)],
    testMatch: ['**/*.test.ts'],
    testPathIgnorePatterns: SLOW,
    setupFiles: ['<rootDir>/test/support/no-shrinking.ts'],
  }
  const report = `reports/mutation/${folder}`
  const stryker = new Stryker({
    mutate: [`shared/${folder}/**/*.ts`],
    incrementalFile: `${report}-incremental.json`,
    jsonReporter: { fileName: `${report}.json` },
    jest: { config },
    concurrency,
  })
  await stryker.runMutationTest()
}

function isFolder(name: string): name is Folder {
  return Object.hasOwn(TESTS, name)
}

async function main(): Promise<void> {
  const options = { concurrency: { type: 'string', default: '2' } } as const
  const { positionals, values } = parseArgs({ options, allowPositionals: true })
  const folders = positionals.length > 0 ? positionals : Object.keys(TESTS)
  for (const folder of folders) {
    if (!isFolder(folder)) {
      throw new Error(`No tests are named for ${folder}; known: ${Object.keys(TESTS).join(', ')}`)
    }
    console.log(`shared/${folder}`)
    await mutate(folder, Number(values.concurrency))
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
