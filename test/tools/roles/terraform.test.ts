import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { main } from '../../../local/main'
import rules from '../../../rules'
import { describeBuckets } from '../../../tools/roles/buckets'
import { describeRoles } from '../../../tools/roles/describe'
import { toTerraform } from '../../../tools/roles/terraform'
import { runCommand } from '../../support/run-command'

const ACCOUNT = '1234567890123456'
// biome-ignore lint/suspicious/noTemplateCurlyInString: what Terraform would read as a template
const ORIGIN = 'https://${x}.example.com'
const ROLES = describeRoles(rules, { bucket: '1-bkt', account: ACCOUNT, region: 'cn-shanghai' })
const BUCKETS = describeBuckets(rules, { bucket: '1-bkt', origins: [ORIGIN] })

type Resources = Record<string, Record<string, Record<string, unknown>>>
const TERRAFORM = toTerraform({
  ...{ account: ACCOUNT, region: 'cn-shanghai', roles: ROLES, buckets: BUCKETS },
}) as { resource: Resources; output: Record<string, { value: string }> }
const { resource } = TERRAFORM

it('has each role, its policy and their attachment', () => {
  for (const [name, { trust, policy }] of Object.entries(ROLES)) {
    const label = name.replace('oss-direct-', '')
    expect(resource.alicloud_ram_role?.[label]).toMatchObject({
      role_name: name,
      assume_role_policy_document: JSON.stringify(trust),
    })
    expect(resource.alicloud_ram_policy?.[label]).toMatchObject({
      policy_name: name,
      policy_document: JSON.stringify(policy),
    })
    expect(resource.alicloud_ram_role_policy_attachment?.[label]).toEqual({
      policy_name: `\${alicloud_ram_policy.${label}.policy_name}`,
      policy_type: 'Custom',
      role_name: `\${alicloud_ram_role.${label}.role_name}`,
    })
  }
})

it('creates the delegate role after the role that it trusts', () => {
  expect(resource.alicloud_ram_role?.delegate?.depends_on).toEqual(['alicloud_ram_role.sts'])
})

it('has the settings of the bucket, which it never destroys', () => {
  expect(resource.alicloud_oss_bucket?.['_1-bkt']).toEqual({
    bucket: '1-bkt',
    cors_rule: [expect.objectContaining({ allowed_origins: [ORIGIN.replace('$', () => '$$')] })],
    lifecycle_rule: [
      {
        ...{ id: 'oss-direct-ledger', prefix: '.oss-direct/uploads/', enabled: true },
        expiration: [{ days: 30 }],
      },
      {
        ...{ id: 'oss-direct-parts', prefix: '', enabled: true },
        abort_multipart_upload: [{ days: 7 }],
      },
    ],
    lifecycle: { prevent_destroy: true },
  })
  expect(resource.alicloud_oss_bucket_acl?.['_1-bkt']?.acl).toBe('private')
  expect(resource.alicloud_oss_bucket_public_access_block?.['_1-bkt']?.block_public_access).toBe(
    true,
  )
})

it('refers to resources that it has, by labels that Terraform takes', () => {
  const text = JSON.stringify(TERRAFORM)
  const references = Array.from(
    text.matchAll(/\$\{(alicloud_\w+)\.([\w-]+)\.\w+\}|"(alicloud_\w+)\.([\w-]+)"/g),
    ([, type = '', label = '', otherType = '', other = '']) => [type || otherType, label || other],
  )
  expect(references.length).toBeGreaterThan(10)
  for (const [type = '', label = ''] of references) expect(resource[type]).toHaveProperty(label)
  const labels = Object.values(resource).flatMap((each) => Object.keys(each))
  expect(labels.filter((label) => !/^[A-Za-z_][\w-]*$/.test(label))).toEqual([])
  expect(TERRAFORM.output.STS_ROLE_ARN).toEqual({ value: `\${alicloud_ram_role.delegate.arn}` })
})

describe('oss-direct roles', () => {
  const folder = mkdtempSync(join(tmpdir(), 'oss-direct-test-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  function run(...argv: string[]) {
    const env = { OSS_BUCKET: '1-bkt', ACCOUNT_ID: ACCOUNT, OSS_REGION: 'cn-shanghai' }
    return runCommand(() => main(['roles', ...argv]), env)
  }

  it('writes a file of JSON for each document', async () => {
    const out = join(folder, 'out')
    const { status, stdout } = await run('--out', out)
    const files = readdirSync(out)
    expect([status, stdout]).toEqual([0, `${files.length} files in ${out}\n`])
    expect(files).toHaveLength(2 * Object.keys(ROLES).length + 3)
    const read = (name: string) => JSON.parse(readFileSync(join(out, name), 'utf8'))
    expect(read('oss-direct-sts.trust.json')).toEqual(ROLES['oss-direct-sts']?.trust)
    expect(read('1-bkt.public-access.json')).toEqual({ BlockPublicAccess: 'true' })
  })

  it('prints everything, or Terraform, as JSON', async () => {
    expect(JSON.parse((await run()).stdout)).toMatchObject({ roles: { 'oss-direct-sts': {} } })
    expect(JSON.parse((await run('--terraform')).stdout)).toHaveProperty(
      'resource.alicloud_ram_role.sts',
    )
  })

  it('prints one form at a time', async () => {
    expect(await run('--terraform', '--aliyun')).toMatchObject({
      status: 2,
      stderr: '--aliyun and --terraform exclude each other\nTry --help.\n',
    })
  })
})
