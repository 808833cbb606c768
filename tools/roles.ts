import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toList } from '../shared/text'
import { type OptionTypes, type Tool, UsageError, type Values } from './command-line'
import { report } from './findings'
import { loadRules } from './load-rules'
import { type Deployment, toScript } from './roles/aliyun'
import { describeBuckets } from './roles/buckets'
import { examineRoles } from './roles/check'
import { describeRoles } from './roles/describe'
import { toTerraform } from './roles/terraform'

const HELP = `Prints what the rules need in the account: the trust policy and the permissions of each RAM role, and the settings
of each bucket (CORS, lifecycle, Block Public Access). Each function can do its own job and no other's.
  oss-direct roles --bucket NAME --account ID [--aliyun | --terraform | --out DIR | --check] [options]
  --bucket NAME   the bucket of the rules that name none; OSS_BUCKET by default
  --account ID    the Alibaba Cloud account, 16 digits; ACCOUNT_ID by default
  --region ID     the region of the functions; OSS_REGION or cn-hangzhou by default
  --origins LIST  the origins of your pages, with commas between; CORS_ORIGINS or * by default
  --rules FILE    the rules; rules.ts by default
  --consumer NAME the function that upload events go to; oss-direct-upload-consumer by default,
                  '' for none
  --deny-list     with the right to read the deny list in the bucket (DENY_LIST=on)
  --web-server    for s.web-server.yaml: one role in place of those of the four functions with a route
  --out DIR       writes a JSON file for each policy and each setting instead
  --aliyun        prints a script of aliyun commands, which can run again
  --terraform     prints JSON for Terraform (main.tf.json)
  --check         compares with what is live: roles, whom they trust, and their policies; ends with 0
                  only where nothing differs and everything could be read. The AccessKey comes from
                  ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET and, for STS credentials,
                  ALIBABA_CLOUD_SECURITY_TOKEN, and needs ram:GetRole, ram:ListPoliciesForRole and
                  ram:GetPolicy
  --ram URL       where RAM answers; https://ram.aliyuncs.com by default
  --sts URL       where STS answers; STS_ENDPOINT or the region's endpoint by default
  --json          prints what differs as JSON
  --help          prints this; --version the version

Example:
  oss-direct roles --bucket my-bucket --account 1234567890123456 --aliyun > roles.sh`

const OPTIONS = {
  bucket: { type: 'string' },
  account: { type: 'string' },
  region: { type: 'string' },
  origins: { type: 'string' },
  rules: { type: 'string', default: 'rules.ts' },
  consumer: { type: 'string', default: 'oss-direct-upload-consumer' },
  'deny-list': { type: 'boolean' },
  'web-server': { type: 'boolean' },
  out: { type: 'string' },
  aliyun: { type: 'boolean' },
  terraform: { type: 'boolean' },
  check: { type: 'boolean' },
  ram: { type: 'string', default: 'https://ram.aliyuncs.com' },
  sts: { type: 'string' },
  json: { type: 'boolean' },
} as const satisfies OptionTypes

async function printRoles(values: Values): Promise<number> {
  const forms = (['out', 'aliyun', 'terraform', 'check'] as const).filter(
    (name) => values[name] !== undefined,
  )
  if (forms.length > 1) throw new UsageError(`--${forms.join(' and --')} exclude each other`)
  const deployment = await describeDeployment(values)
  if (values.check !== undefined) return checkRoles(deployment, values)
  if (values.out !== undefined) return writeFiles(values.out, deployment)
  if (values.aliyun !== undefined) {
    process.stdout.write(toScript(deployment))
    return 0
  }
  const { roles, buckets } = deployment
  const printed = values.terraform === undefined ? { roles, buckets } : toTerraform(deployment)
  console.log(JSON.stringify(printed, null, 2))
  return 0
}

async function checkRoles(deployment: Deployment, { ram = '', sts, json }: Values) {
  const ownSts = `https://sts.${deployment.region}.aliyuncs.com`
  const endpoints = { ram, sts: sts || process.env.STS_ENDPOINT || ownSts }
  return report(await examineRoles(deployment, endpoints), json !== undefined)
}

async function describeDeployment(values: Values): Promise<Deployment> {
  const { OSS_BUCKET, ACCOUNT_ID, OSS_REGION, CORS_ORIGINS, DENY_LIST } = process.env
  const { bucket = OSS_BUCKET, account = ACCOUNT_ID, consumer = '' } = values
  if (!bucket || !account || !/^\d{16}$/.test(account)) {
    throw new UsageError('--bucket and --account (16 digits) are needed')
  }
  const region = values.region || OSS_REGION || 'cn-hangzhou'
  const denyList = values['deny-list'] !== undefined || DENY_LIST === 'on'
  const webServer = values['web-server'] !== undefined
  const rules = await loadRules(values.rules ?? '')
  const origins = toList(values.origins || CORS_ORIGINS || '*')
  return {
    account,
    region,
    roles: describeRoles(rules, { bucket, account, region, consumer, denyList, webServer }),
    buckets: describeBuckets(rules, { bucket, origins }),
  }
}

function writeFiles(folder: string, { roles, buckets }: Deployment): number {
  const files = [
    ...Object.entries(roles).flatMap(([name, { trust, policy }]) => [
      [`${name}.trust.json`, trust] as const,
      [`${name}.policy.json`, policy] as const,
    ]),
    ...Object.entries(buckets).flatMap(([name, { cors, lifecycle, blocksPublicAccess }]) => [
      [`${name}.cors.json`, cors] as const,
      [`${name}.lifecycle.json`, lifecycle] as const,
      [`${name}.public-access.json`, { BlockPublicAccess: String(blocksPublicAccess) }] as const,
    ]),
  ]
  mkdirSync(folder, { recursive: true })
  for (const [name, document] of files) {
    writeFileSync(join(folder, name), `${JSON.stringify(document, null, 2)}\n`)
  }
  console.log(`${files.length} files in ${folder}`)
  return 0
}

/** The command `oss-direct roles`. */
export const command: Tool = { help: HELP, options: OPTIONS, run: printRoles }
