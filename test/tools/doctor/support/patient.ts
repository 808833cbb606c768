import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import OSS from 'ali-oss'
import { type LocalCloud, startLocalCloud } from '../../../../local/start'
import rules from '../../../../rules'
import { runTool } from '../../../../tools/command-line'
import { command } from '../../../../tools/doctor/command'
import type { Finding } from '../../../../tools/findings'
import { describeBuckets } from '../../../../tools/roles/buckets'
import { runCommand } from '../../../support/run-command'

/** An origin that the bucket allows. */
export const PAGE = 'https://www.example.com'
const DENY_ALL = {
  Version: '1',
  Statement: [{ Effect: 'Deny', Action: 'oss:*', Resource: '*' }],
} as const
const ALLOW_STS = {
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }],
} as const
const ALLOW_OSS = {
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: 'oss:*', Resource: '*' }],
} as const

/** What doctor looks at: the local cloud, a client of its bucket, and a web server. */
export type Patient = {
  cloud: () => LocalCloud
  client: () => OSS
  /** The URL of the web server. */
  page: () => string
  /** Sets what the web server answers until the next test; a JWKS by default. */
  answerWith: (status: number, body: string) => void
}

let cloud: LocalCloud
let client: OSS
let web: Server
let page = ''
/** What the web server answers. */
let answer: { status: number; body: string }

/** Starts them for the tests of a file; before each, the bucket is as oss-direct roles would set it. */
export function sharePatient(): Patient {
  beforeAll(async () => {
    cloud = await startLocalCloud({
      ...{ port: 0, quiet: true },
      seed: {
        users: [
          {
            name: 'developer',
            accessKeyId: 'local-user-key',
            accessKeySecret: 'local-user-secret',
            policies: [ALLOW_OSS, ALLOW_STS],
          },
          {
            name: 'guest',
            accessKeyId: 'guest-key',
            accessKeySecret: 'guest-secret',
            policies: [DENY_ALL],
          },
        ],
      } as never,
    })
    const { bucket, oss, accessKeyId, accessKeySecret } = cloud.info
    client = new OSS({
      ...{ bucket, accessKeyId, accessKeySecret, endpoint: oss },
      sldEnable: true,
    } as OSS.Options)
    web = createServer((_, response) => response.writeHead(answer.status).end(answer.body)).listen(
      0,
    )
    page = `http://127.0.0.1:${(web.address() as AddressInfo).port}/`
  }, 60_000)
  afterAll(async () => {
    web.close()
    await cloud.close()
  })

  beforeEach(async () => {
    const { bucket } = cloud.info
    const described = describeBuckets(rules, { bucket, origins: [PAGE] })[bucket]
    await client.putBucketCORS(
      bucket,
      (described?.cors.CORSRule ?? []).map((rule) => ({
        ...{ allowedOrigin: rule.AllowedOrigin, allowedMethod: rule.AllowedMethod },
        ...{ allowedHeader: rule.AllowedHeader, exposeHeader: rule.ExposeHeader },
      })) as never,
    )
    await setLifecycle(described?.lifecycle.Rule ?? [])
    await client.putBucketACL(bucket, 'private')
    cloud.setFaults([])
    answer = { status: 200, body: '{"keys":[{}]}' }
  })
  return {
    cloud: () => cloud,
    client: () => client,
    page: () => page,
    answerWith: (status, body) => {
      answer = { status, body }
    },
  }
}

/** Sets the bucket's lifecycle rules. */
export async function setLifecycle(
  all: readonly {
    Prefix: string
    Status: string
    Expiration?: { Days: number }
    AbortMultipartUpload?: { Days: number }
  }[],
) {
  await client.putBucketLifecycle(
    cloud.info.bucket,
    all.map(({ Prefix, Status, Expiration, AbortMultipartUpload }) => ({
      ...{ prefix: Prefix, status: Status },
      ...(Expiration && { expiration: { days: Expiration.Days } }),
      ...(AbortMultipartUpload && { abortMultipartUpload: { days: AbortMultipartUpload.Days } }),
    })) as never,
  )
}

type Change = { args?: string[]; env?: Record<string, string> }

/** Runs oss-direct doctor on all of it, with changes. */
export async function run({ args = [], env = {} }: Change = {}) {
  const { bucket, region, oss, sts, roleArn, gateway, accessKeyId, accessKeySecret } = cloud.info
  const all = [
    ...['--bucket', bucket, '--region', region, '--endpoint', oss, '--sts', sts, '--role', roleArn],
    ...['--origins', PAGE, '--callback', `${gateway}/upload-callback`, '--jwks', page, ...args],
  ]
  const keys = {
    ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret,
  }
  const { status, stdout, stderr } = await runCommand(() => runTool(['--json', ...all], command), {
    ...keys,
    ...env,
  })
  const findings: Finding[] = stdout.startsWith('[') ? JSON.parse(stdout) : []
  return { status, error: stderr, findings, bad: findings.filter(({ state }) => state !== 'ok') }
}
