import rules from '../../rules'
import { checkSettings as checkRules } from '../../tools/settings'
import { ENVIRONMENT } from '../env/support/settings-example'

const { CALLBACK_URL, OSS_REGION, ...rest } = ENVIRONMENT
const GIVEN = { ...rest, DOMAIN: 'upload.example.com' }
const checkSettings = (environment: NodeJS.Dict<string>) => checkRules(environment, rules)
const WEBHOOK = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

it('takes what a deployer sets, with what s.yaml makes of it', () => {
  expect([CALLBACK_URL, OSS_REGION].every(Boolean)).toBe(true)
  expect(() => checkSettings(GIVEN)).not.toThrow()
})

it('refuses a secret that two functions have for two purposes, which neither sees', () => {
  const events = { EVENT_WEBHOOK_URL: 'https://a.example/hook', EVENT_WEBHOOK_SECRETS: WEBHOOK }
  expect(() => checkSettings({ ...GIVEN, ...events })).not.toThrow()
  expect(() => checkSettings({ ...GIVEN, ...events, AUTH_SECRET: WEBHOOK })).toThrow(
    'AUTH_SECRET, EVENT_WEBHOOK_SECRETS: must not have a secret in common',
  )
})

it('names everything that is wrong at once', () => {
  const check = () =>
    checkSettings({ ...GIVEN, DOMAIN: 'a b', STS_ROLE_ARN: 'x', LOG_LEVEL: 'loud' })
  for (const name of ['CALLBACK_URL', 'STS_ROLE_ARN', 'LOG_LEVEL']) expect(check).toThrow(name)
})

it('refuses a region whose OSS sends no callbacks, while a rule needs them', () => {
  expect(() => checkSettings({ ...GIVEN, OSS_REGION: 'ap-northeast-2' })).toThrow(
    'OSS sends no callbacks in ap-northeast-2, which these rules need: avatar, documents (use',
  )
})

it('checks path style with the internal endpoint, which s.yaml names when nobody does', () => {
  const path = { ...GIVEN, OSS_ADDRESSING: 'path', OSS_ENDPOINT: 'https://oss.corp.example' }
  expect(() => checkSettings(path)).toThrow('OSS_ADDRESSING: OSS refuses path')
  const own = { ...path, OSS_INTERNAL_ENDPOINT: 'https://oss.corp.example' }
  expect(() => checkSettings(own)).not.toThrow()
})
