import { readFileSync } from 'node:fs'
import { toList } from '../../shared/text'
import { readManifest } from '../check-manifest'
import { type OptionTypes, type Tool, UsageError, type Values } from '../command-line'
import { type ClientOptions, createClient, diagnose, examine } from '../doctor'
import { type Finding, report } from '../findings'
import { loadRules } from '../load-rules'
import { SAMPLE } from '../sample-deployment'
import { checkSettings } from '../settings'
import { examineDomain } from './domain'
import { examineFunctions, type WantedFunction } from './functions'
import { examineOrigins } from './origins'
import { examineClock, reach } from './reach'
import { examineCallback, examineKeys } from './service'
import { examineSession } from './session'
import { examineUploads } from './uploads'

const HELP = `Says what would keep uploads from working or being proven, before and after a deployment. It changes nothing
but with --upload, which stores small files and deletes them.
  oss-direct doctor [--bucket NAME] [--region ID] [--endpoint URL] [options]
What it looks at depends on what it is given: the settings of a deployment in the environment (docs/settings.md) are all
looked at. The AccessKey comes from ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET and, for STS
credentials, ALIBABA_CLOUD_SECURITY_TOKEN. It needs oss:GetBucket*, oss:GetObject and oss:ListObjects, and for sessions
sts:AssumeRole.
  --bucket NAME    the bucket; OSS_BUCKET by default
  --region ID      its region, like cn-hangzhou; OSS_REGION by default
  --endpoint URL   where OSS answers, when it isn't the region's public endpoint; OSS_ENDPOINT by
                   default; path style unless OSS_ADDRESSING=cname
  --origins LIST   origins of your pages, which CORS must allow; CORS_ORIGINS by default
  --role ARN       a delegate role to open a session of; STS_ROLE_ARN by default
  --sts URL        where STS answers; STS_ENDPOINT or the region's endpoint by default
  --jwks URL       the keys of the token issuer; AUTH_JWKS_URL by default
  --callback URL   the deployed callback; https://DOMAIN/upload-callback by default
  --upload RULE    uploads a small file by each mechanism of the rule, sees its callback proven and, by the
                   ledger, its event delivered, and deletes it; needs a caller's JWT in OSS_DIRECT_TOKEN
                   and, to delete, oss:DeleteObject
  --deployed       compares the live functions with the manifest, and looks at triggers of others on the
                   bucket and at reserved instances; needs fc:GetFunction, fc:ListTriggers,
                   fc:ListFunctions, fc:ListConcurrencyConfigs and Serverless Devs
  --manifest FILE  the manifest; s.yaml by default
  --fc URL         where Function Compute's API answers; the region's endpoint by default
  --service URL    the deployed functions; https://DOMAIN by default
  --rules FILE     the rules, for settings and uploads; rules.ts by default
  --json           prints JSON
  --help           prints this; --version the version
Ends with 0 only where nothing is wrong and nothing is unknown.

Example:
  oss-direct doctor --bucket my-bucket --region cn-hangzhou`

// A callback has 5 s.
const EVENT_MS = 10_000

const OPTIONS = {
  bucket: { type: 'string' },
  region: { type: 'string' },
  endpoint: { type: 'string' },
  origins: { type: 'string' },
  role: { type: 'string' },
  sts: { type: 'string' },
  jwks: { type: 'string' },
  callback: { type: 'string' },
  upload: { type: 'string' },
  deployed: { type: 'boolean' },
  manifest: { type: 'string', default: 's.yaml' },
  fc: { type: 'string' },
  service: { type: 'string' },
  rules: { type: 'string', default: 'rules.ts' },
  json: { type: 'boolean' },
} as const satisfies OptionTypes

async function run(values: Values): Promise<number> {
  const { OSS_BUCKET, OSS_REGION, OSS_ENDPOINT, OSS_ADDRESSING } = process.env
  const bucket = values.bucket || OSS_BUCKET
  const region = (values.region || OSS_REGION)?.replace(/^oss-/, '')
  const endpoint = values.endpoint || OSS_ENDPOINT
  if (!bucket || !region) throw new UsageError('--bucket and --region are needed')
  const options: ClientOptions = {
    ...{ bucket, region, isCname: OSS_ADDRESSING === 'cname' },
    ...(endpoint && { endpoint }),
  }
  const deployed = values.deployed === undefined ? undefined : readFunctions(values.manifest)
  const api = values.fc || `https://fcv3.${region}.aliyuncs.com`
  const groups = await Promise.all([
    examineSettings(values),
    examineBucket(options, values),
    examineDeployment(options, values),
    examineOwnDomain(options),
    deployed && examineFunctions({ endpoint: api, functions: deployed }),
  ])
  // One after the other: what is wrong before explains what fails here.
  groups.push(await examineUpload(options, values))
  const findings = groups.flatMap((group) => group ?? [])
  return report(findings, values.json !== undefined)
}

// Settings are those of a deployment where one of its own is set.
async function examineSettings({ rules = '' }: Values): Promise<Finding[]> {
  const subject = 'settings'
  if (!process.env.TICKET_SECRETS) return []
  try {
    checkSettings(process.env, await loadRules(rules))
    return [{ state: 'ok', subject, what: 'are right, and OSS sends callbacks in this region' }]
  } catch (error) {
    return [{ state: 'wrong', subject, what: (error as Error).message, fix: 'docs/settings.md' }]
  }
}

async function examineBucket(options: ClientOptions, { origins }: Values): Promise<Finding[]> {
  const { bucket, region, endpoint = `https://oss-${region}.aliyuncs.com` } = options
  const client = createClient(options)
  const [clock, found] = await Promise.all([
    examineClock(endpoint, () => Date.now() / 1000),
    reach(client, bucket, region),
  ])
  const reached = [describeKey(), ...found, clock]
  if (!found.some(({ subject, state }) => subject === 'bucket' && state === 'ok')) return reached
  const facts = await examine(client, bucket)
  const pages = toList(origins || process.env.CORS_ORIGINS)
  return [...reached, ...diagnose(facts), ...examineOrigins(facts.cors, pages)]
}

async function examineUpload(options: ClientOptions, values: Values): Promise<Finding[]> {
  const { upload: rule, rules = '' } = values
  const { OSS_DIRECT_TOKEN: token, DOMAIN } = process.env
  if (rule === undefined) return []
  const service = values.service || (DOMAIN && `https://${DOMAIN}`)
  if (!token || !service)
    throw new UsageError('--upload needs OSS_DIRECT_TOKEN, and --service or DOMAIN')
  const client = createClient(options)
  const loaded = await loadRules(rules)
  const bucket = loaded.get(rule)?.bucket ?? options.bucket
  const clients = { client, objects: createClient({ ...options, bucket }) }
  return examineUploads({
    ...{ service, token, rule, rules: loaded, eventMs: EVENT_MS },
    ...clients,
  })
}

async function examineOwnDomain(options: ClientOptions): Promise<Finding[]> {
  const { endpoint, isCname, bucket, region } = options
  if (!isCname || !endpoint) return []
  const target = `${bucket}.oss-${region}.aliyuncs.com`
  return examineDomain({ endpoint, client: createClient(options), target, now: Date.now })
}

// A manifest that is resolved with sample values would differ from every deployment.
function readFunctions(manifest = ''): WantedFunction[] {
  const text = readFileSync(manifest, 'utf8')
  const unset = Object.keys(SAMPLE).filter(
    (name) => text.includes(`env('${name}')`) && !process.env[name],
  )
  if (unset.length > 0) throw new UsageError(`--deployed needs ${unset.join(', ')}`)
  const { resources } = readManifest(manifest, process.env)
  return Object.values(resources).map(({ props }) => {
    const own = Object.entries(props.environmentVariables ?? {})
    const isSample = (name: string) => Object.hasOwn(SAMPLE, name) && !process.env[name]
    const variables = own.map(([name, value]) => [name, isSample(name) ? '' : value])
    return { functionName: '', ...props, environmentVariables: Object.fromEntries(variables) }
  })
}

function describeKey(): Finding {
  const { ALIBABA_CLOUD_ACCESS_KEY_ID: keyId = '', ALIBABA_CLOUD_SECURITY_TOKEN: token } =
    process.env
  const subject = 'credentials'
  if (keyId.startsWith('STS.') === Boolean(token)) {
    return { state: 'ok', subject, what: token ? 'are of an STS session' : 'are an AccessKey' }
  }
  const what = token ? 'have a token, but no key id of STS' : 'have a key id of STS, but no token'
  return {
    state: 'wrong',
    subject,
    what,
    fix: 'set ALIBABA_CLOUD_SECURITY_TOKEN with the key id and the secret of one answer',
  }
}

async function examineDeployment(options: ClientOptions, values: Values): Promise<Finding[]> {
  const { STS_ROLE_ARN, STS_ENDPOINT, AUTH_JWKS_URL, DOMAIN } = process.env
  const roleArn = values.role || STS_ROLE_ARN
  const stsEndpoint = values.sts || STS_ENDPOINT || `https://sts.${options.region}.aliyuncs.com`
  const jwks = values.jwks || AUTH_JWKS_URL
  const callback = values.callback || (DOMAIN && `https://${DOMAIN}/upload-callback`)
  const groups = await Promise.all([
    roleArn ? examineSession({ ...options, roleArn, stsEndpoint }) : [],
    jwks ? examineKeys(jwks) : [],
    callback ? examineCallback(callback) : [],
  ])
  return groups.flat()
}

/** The command `oss-direct doctor`. */
export const command: Tool = { help: HELP, options: OPTIONS, run }
