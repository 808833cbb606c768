import { assumeRole } from '../shared/sts/sts-sdk'
import { credentials } from './example'
import { timeOf } from './measure'

// Times AssumeRole by the official SDK. Argument: the endpoint. Sends microseconds.

const [, , endpoint = ''] = process.argv

async function main(): Promise<void> {
  const roleArn = 'acs:ram::1234567890123456:role/oss-direct-delegate'
  const role = { roleArn, roleSessionName: 'alice', policy: '{}', durationSeconds: 900 }
  process.send?.(await timeOf(() => assumeRole({ endpoint, ...credentials, ...role })))
  process.exit()
}

main().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
