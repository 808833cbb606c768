import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundleSdk, type SdkName } from '../../../tools/build/sdk'
import { startApplication } from '../../local/oss/support/application'
import { share } from '../../support/share'

type AssumeRole = typeof import('../../../shared/sts/sts-sdk').assumeRole

const folder = mkdtempSync(join(tmpdir(), 'build-sdk-'))
const options = { bundle: true, minify: true, platform: 'node', format: 'cjs' } as const

type Files = Awaited<ReturnType<typeof bundleSdk>>

async function write(name: SdkName): Promise<Files> {
  const files = await bundleSdk(name, { ...options, external: ['proxy-agent'] })
  for (const file of files) writeFileSync(join(folder, file.name), file.contents)
  return files
}

afterAll(() => rmSync(folder, { recursive: true }))

const RARE_OF_STS = ['lodash', 'moment', 'xml2js']

const files: Partial<Record<SdkName, Files>> = {}

beforeAll(async () => {
  files['sts-sdk'] = await write('sts-sdk')
  files['fc-sdk'] = await write('fc-sdk')
}, 60_000)

/** All packages that a deployed function has code of beside its entry, file by file: none comes unseen. */
const PACKAGES: Record<SdkName, Record<string, string>> = {
  'sts-sdk': {
    'sts-sdk.js':
      '@alicloud/credentials @alicloud/gateway-spi @alicloud/openapi-core @alicloud/sts20150401 @alicloud/tea-typescript @darabonba/typescript httpx',
    'sts-sdk-rare.js': 'lodash moment sax xml2js xmlbuilder',
  },
  'fc-sdk': { 'fc-sdk.js': '@alicloud/fc2 httpx kitx' },
}

it.each(['sts-sdk', 'fc-sdk'] as const)('%s has code of these packages alone', (name) => {
  const found = files[name]?.map((file) => [file.name, file.packages.join(' ')])
  expect(Object.fromEntries(found ?? [])).toEqual(PACKAGES[name])
})

it.each([
  ['sts-sdk', 145_000],
  ['fc-sdk', 25_000],
] as const)('%s has at most %d bytes that every call reads', (name, most) => {
  expect(files[name]?.[0]?.contents.length).toBeLessThanOrEqual(most)
})

it('the SDK of STS has every rare module whole in its second file', () => {
  const rare = require(join(folder, 'sts-sdk-rare.js')) as Record<string, unknown>
  expect(Object.keys(rare)).toEqual(RARE_OF_STS)
  for (const module of RARE_OF_STS)
    expect(Object.keys(Object(rare[module])).length).toBeGreaterThan(0)
})

it.each([
  ['sts-sdk', ['./providers/ram_role_arn', './websocketUtils', './AssumeRoleWithSamlrequest']],
  ['fc-sdk', ['ali-oss', 'axios', 'ws']],
] as const)('%s says so where a call needs what was left out', (name, modules) => {
  const text = Buffer.from(files[name]?.[0]?.contents ?? []).toString()
  for (const module of modules) expect(text).toContain(`${module} is left out of the bundle`)
})

describe('the bundled SDK of STS', () => {
  const sts = share(startApplication)

  it.each([
    ['JSON', 'application/json', '{"Code":"NoPermission","RequestId":"r-1"}'],
    [
      'XML, which a rare module reads',
      'text/xml;charset=utf-8',
      '<Error><Code>NoPermission</Code><RequestId>r-1</RequestId></Error>',
    ],
  ])('understands an error in %s', async (_, type, body) => {
    sts().respond = (response) => response.writeHead(403, { 'content-type': type }).end(body)
    const { assumeRole } = require(join(folder, 'sts-sdk.js')) as { assumeRole: AssumeRole }
    const calling = assumeRole({
      endpoint: sts().base,
      accessKeyId: 'id',
      accessKeySecret: 'secret',
      roleArn: 'acs:ram::1:role/r',
      roleSessionName: 'session',
      policy: '{}',
      durationSeconds: 900,
    })
    await expect(calling).rejects.toMatchObject({ code: 'NoPermission', statusCode: 403 })
  })
})

it('finds its packages from any folder, as where the command runs in another project', () => {
  const script = `require(${JSON.stringify(resolve('tools/build/sdk.ts'))})
    .bundleSdk('fc-sdk', ${JSON.stringify({ ...options, external: ['proxy-agent'] })})
    .then(([{ packages }]) => console.log(packages.join()))`
  const command = ['--import', pathToFileURL(require.resolve('tsx')).href, '-e', script]
  const output = execFileSync(process.execPath, command, { cwd: tmpdir(), encoding: 'utf8' })
  expect(output).toContain('@alicloud/fc2')
})
