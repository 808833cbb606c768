import { startOss } from '../local/oss/server'
import { createAccount } from '../local/ram/account'

/** Runs a local OSS in a separate process and sends its URL to the parent. */
async function main(): Promise<void> {
  const { url } = await startOss({
    host: '127.0.0.1',
    port: 0,
    account: createAccount(),
    region: 'cn-hangzhou',
    buckets: [String(process.env.OSS_BUCKET)],
    dataDir: String(process.env.OSS_DATA),
    now: Date.now,
    log: () => undefined,
  })
  process.send?.(url)
}

void main()
