import { startOss } from '../../../local/oss/server'
import { createAccount } from '../../../local/ram/account'

/** How a test starts an OSS in a process of its own. */
export type ChildOptions = { dataDir: string; now?: number; idleMs?: number }

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
  process.stdout.write(`${port}\n`)
}

// The parent wrote it.
if (process.argv[2]) void main(JSON.parse(process.argv[2]) as ChildOptions)
