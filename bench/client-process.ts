import { openAsBlob } from 'node:fs'
import { createOssDirect } from '../client'
import type { LocalInfo } from '../local/options'
import { issueToken } from '../test/support/token'

// Uploads a file in parts by the client, and tells the parent its peak memory in bytes.

async function main([info, path]: string[]): Promise<void> {
  const cloud: LocalInfo = JSON.parse(info ?? '')
  const file = await openAsBlob(path ?? '')
  const token = await issueToken(cloud, { sub: 'alice' })
  const oss = createOssDirect({ baseUrl: cloud.gateway, getToken: () => token })
  const filename = `${file.size}.bin`
  const { proven } = await oss.upload(file, { rule: 'bulk', filename, mechanism: 'parts' }).done
  process.send?.({ proven, peakBytes: process.resourceUsage().maxRSS * 1024 })
}

main(process.argv.slice(2))
