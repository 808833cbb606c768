import { startOss } from '../../../../local/oss/server'
import { createAccount } from '../../../../local/ram/account'

const MIB = 1024 ** 2

/** The options of an OSS in a separate process. */
export type ChildOptions = { dataDir: string; now?: number; idleMs?: number }

/** Resident size of the process and size of its live objects, in MiB. */
export type Memory = { residentMib: number; liveMib: number }

// Started by tests that kill it, or count its open files.
async function main({ dataDir, now, idleMs }: ChildOptions): Promise<void> {
  const { port } = await startOss({
    host: '127.0.0.1',
    port: 0,
    account: createAccount(),
    region: 'cn-hangzhou',
    buckets: ['demo-bkt'],
    dataDir,
    now: () => now ?? Date.now(),
    log: () => undefined,
    ...(idleMs !== undefined && { idleMs }),
  })
  process.on('message', () => process.send?.(collectedMemory()))
  process.on('disconnect', () => process.exit())
  process.stdout.write(`${port}\n`)
}

// Measured after a garbage collection: V8 collects as late as possible.
function collectedMemory(): Memory {
  for (let i = 0; i < 2; i += 1) global.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  return { residentMib: rss / MIB, liveMib: (heapUsed + external) / MIB }
}

// Written by the parent.
if (process.argv[2]) void main(JSON.parse(process.argv[2]) as ChildOptions)
