import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleSdk, type SdkFile, type SdkName } from '../../../tools/build/sdk'
import { startApplication } from '../../local/oss/application'
import { share } from '../../share'

type AssumeRole = typeof import('../../../shared/sts/sts-sdk').assumeRole

const folder = mkdtempSync(join(tmpdir(), 'build-sdk-'))
const options = { bundle: true, minify: true, platform: 'node', format: 'cjs' } as const

async function write(name: SdkName): Promise<SdkFile[]> {
  const files = await bundleSdk(name, { ...options, external: ['proxy-agent'] })
  for (const file of files) writeFileSync(join(folder, file.name), file.contents)
  return files
}

afterAll(() => rmSync(folder, { recursive: true }))

const RARE_OF_STS = [
  'http-proxy-agent',
  'https-proxy-agent',
  'lodash',
  'moment',
  'socks-proxy-agent',
  'ws',
  'xml2js',
]

describe.each<[SdkName, number, string[]]>([
  ['sts-sdk', 300_000, RARE_OF_STS],
  ['fc-sdk', 100_000, ['ali-oss', 'axios', 'ws']],
])('%s', (name, most, rareModules) => {
  let files: SdkFile[]
  beforeAll(async () => {
    files = await write(name)
  }, 60_000)

  it(`is two files, and the one that every call reads has at most ${most} bytes`, () => {
    expect(files.map((file) => file.name)).toEqual([`${name}.js`, `${name}-rare.js`])
    expect(files[0]?.contents.length).toBeLessThanOrEqual(most)
  })

  it('has every rare module whole in the second file', () => {
    const rare = require(join(folder, `${name}-rare.js`)) as Record<string, unknown>
    expect(Object.keys(rare)).toEqual(rareModules)
    for (const module of rareModules)
      expect(Object.keys(Object(rare[module])).length).toBeGreaterThan(0)
  })
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
