import type { LocalCloudOptions } from '../../../local/options'
import { type LocalCloud, startLocalCloud } from '../../../local/start'

const opened: LocalCloud[] = []
afterEach(async () => {
  for (const cloud of opened.splice(0)) await cloud.close()
})

/** Starts a quiet local cloud at a free port, OSS and STS alone unless told otherwise, which is closed after the test. */
export async function open(options: LocalCloudOptions = {}): Promise<LocalCloud> {
  const cloud = await startLocalCloud({ port: 0, only: ['oss', 'sts'], quiet: true, ...options })
  opened.push(cloud)
  return cloud
}
