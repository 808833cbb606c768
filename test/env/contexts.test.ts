import {
  authContext,
  clientTarget,
  decideContext,
  isLocal,
  ossAccess,
  urlContext,
} from '../../shared/env/contexts'
import { loadEnv } from '../../shared/env/env'
import type { FunctionName } from '../../shared/env/function-settings'
import { defineRules } from '../../shared/rules/rules'
import { ENVIRONMENT } from './support/settings-example'

const PUBLIC = 'https://oss-cn-hangzhou.aliyuncs.com'
const INTERNAL = 'https://oss-cn-hangzhou-internal.aliyuncs.com'
const credentials = { accessKeyId: 'STS.id', accessKeySecret: 'secret-key', securityToken: 'token' }
const rules = defineRules({ a: { key: 'a/{sub}/{uuid}', upload: {} } })

function envOf(name: FunctionName, change: Record<string, string> = {}) {
  const environment = { ...ENVIRONMENT, ...change }
  const source = loadEnv(rules, name, { environment, write: () => undefined })
  return source.at({ requestId: 'r', credentials })
}

it('reaches OSS by the public endpoint for clients and by its own for itself', () => {
  const endpoints = { OSS_ENDPOINT: PUBLIC, OSS_INTERNAL_ENDPOINT: INTERNAL }
  const env = envOf('signed-url', endpoints)
  expect(clientTarget(env, 'other-bkt')).toMatchObject({ bucket: 'other-bkt', endpoint: PUBLIC })
  expect(urlContext(env).target).toMatchObject({
    bucket: env.settings.target.bucket,
    endpoint: PUBLIC,
  })
  const own = envOf('upload-callback', endpoints)
  const { target, ...access } = ossAccess(own, 'other-bkt')
  expect(target).toMatchObject({ bucket: 'other-bkt', endpoint: INTERNAL })
  expect(access).toEqual({ credentials, now: own.now, send: own.send })
})

it('gives each part of the library what it reads of the world, and no more', async () => {
  const env = envOf('signed-url')
  const { settings, now, uuid } = env
  const { bucket } = settings.target
  expect(decideContext(env)).toEqual({ rules, bucket, now, uuid })
  const cache = env.instance.tokens
  const { readDenied, ...auth } = authContext(env)
  expect(auth).toEqual({ issuers: settings.issuers, now, send: env.send, cache })
  expect(await readDenied?.()).toEqual(settings.denied)
  const { target, callbackUrl, ticketSecrets: secrets, signatureVersion } = settings
  const ticketKeys = { secrets, audience: callbackUrl }
  const signing = { target, callbackUrl, ticketKeys, signatureVersion, credentials }
  expect(urlContext(env)).toEqual({ rules, bucket, now, uuid, ...signing })
})

it('knows an OSS on this machine, which is reached without TLS', () => {
  expect(
    isLocal(envOf('sts', { OSS_ENDPOINT: 'http://localhost:9001', OSS_ADDRESSING: 'path' })),
  ).toBe(true)
  expect(isLocal(envOf('sts', { OSS_ENDPOINT: PUBLIC }))).toBe(false)
})
