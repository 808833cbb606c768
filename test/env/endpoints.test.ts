// Covers what shared/env/conflicts.ts says of endpoints, and shared/env/callback-region.ts.
import { loadEnv } from '../../shared/env/env'
import { defineRules, type Rules } from '../../shared/rules/rules'
import { ENVIRONMENT, issuesOf } from './support/settings-example'

const REFUSED = [
  '  OSS_ADDRESSING: OSS refuses path at its own endpoints (remove it, or set OSS_ENDPOINT and OSS_INTERNAL_ENDPOINT to a local or private OSS)',
]

it.each([
  [undefined, undefined, REFUSED],
  ['public', undefined, REFUSED],
  ['dual-stack', undefined, REFUSED],
  ['https://oss-cn-hangzhou.aliyuncs.com', undefined, REFUSED],
  ['https://OSS-cn-hangzhou.aliyuncs.com:443', undefined, REFUSED],
  ['https://oss.corp.example', 'internal', REFUSED],
  ['https://oss.corp.example', undefined, []],
  ['https://oss.corp.example', 'https://oss.corp.example', []],
  ['http://localhost:9001', undefined, []],
])('takes path style at %s and %s: issues %j', (OSS_ENDPOINT, OSS_INTERNAL_ENDPOINT, issues) => {
  const given = { OSS_ADDRESSING: 'path', OSS_ENDPOINT, OSS_INTERNAL_ENDPOINT }
  const found = issuesOf(given).filter((issue) => issue.includes('OSS_ADDRESSING'))
  expect(found).toEqual(issues)
})

it.each(['virtual-hosted', undefined])('takes the addressing %s there', (OSS_ADDRESSING) => {
  expect(issuesOf({ OSS_ADDRESSING, OSS_ENDPOINT: 'public' })).toEqual([])
})

const upload = { contentTypes: ['image/png'] }
const byUrl = defineRules({ a: { key: 'a/{sub}/{uuid}', upload } })
const bySts = defineRules({
  a: {
    key: 'a/{sub}/{path}',
    upload: {
      contentTypes: ['*/*'],
      mechanisms: ['sts'],
      overwrite: true,
      unenforced: { sts: ['callback', 'acl'] },
    },
  },
  b: { key: 'b/{sub}/{path}', download: {} },
})

function load(region: string, rules: Rules) {
  return () => loadEnv(rules, 'signed-url', { environment: { ...ENVIRONMENT, OSS_REGION: region } })
}

it.each(['ap-northeast-2', 'ap-southeast-7', 'me-central-1', 'cn-nanjing'])(
  'refuses rules that need a callback in %s, where OSS sends none',
  (region) => {
    expect(load(region, byUrl)).toThrow(
      `OSS_REGION: OSS sends no callbacks in ${region}, which these rules need: a (use a bucket in another region, or only the mechanisms sts and form, with callback in their unenforced)`,
    )
    expect(load(region, bySts)).not.toThrow()
  },
)

it.each(['cn-hangzhou', 'ap-northeast-1', 'ap-southeast-1', 'me-east-1'])(
  'takes them in %s',
  (region) => {
    expect(load(region, byUrl)).not.toThrow()
  },
)
