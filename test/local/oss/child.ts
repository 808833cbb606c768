import { startOss } from '../../../local/oss/server'
import { createAccount } from '../../../local/ram/account'

const MIB = 1024 ** 2

/** How a test starts an OSS in a process of its own. */
export type ChildOptions = { dataDir: string; now?: number; idleMs?: number }

/** MiB: what the process holds of the machine, and what its code still refers to. */
export type Memory = { residentMib: number; liveMib: number }

// Started by tests that kill it, or count what it keeps open.
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

// After a collection, since V8 lets garbage lie as long as it may.
function collectedMemory(): Memory {
  for (let i = 0; i < 2; i += 1) global.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  return { residentMib: rss / MIB, liveMib: (heapUsed + external) / MIB }
}

// The parent wrote it.
if (process.argv[2]) void main(JSON.parse(process.argv[2]) as ChildOptions)
