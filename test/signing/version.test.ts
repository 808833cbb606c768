import { Refusal } from '../../shared/errors'
import { signForm } from '../../shared/signing/form'
import { signFormV1, signUrlV1 } from '../../shared/signing/sign-v1'
import type { OssTarget } from '../../shared/signing/target'
import { signUrl, type UrlInput } from '../../shared/signing/url'
import { FORM_SIGNERS, URL_SIGNERS } from '../../shared/signing/version'

const target: OssTarget = {
  bucket: 'demo-bkt',
  region: 'cn-hangzhou',
  endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
  addressing: 'virtual-hosted',
}
const credentials = { accessKeyId: 'STS.a', accessKeySecret: 's', securityToken: 't' }
const now = 1_700_000_000
const url: UrlInput = { method: 'GET', target, key: 'a', expiresSeconds: 60, credentials, now }
const form = { fields: { key: 'a' }, target, credentials, now, policyText: JSON.stringify }

it('signs URLs and forms in the version that is asked for', () => {
  expect(URL_SIGNERS.v4(url)).toEqual(signUrl(url))
  expect(URL_SIGNERS.v1(url)).toEqual(signUrlV1(url))
  expect(FORM_SIGNERS.v4(form)).toEqual(signForm(form))
  expect(FORM_SIGNERS.v1(form)).toEqual(signFormV1(form))
})

it('refuses a question mark in the key of a URL of version 1 alone, and says why', () => {
  const odd = { ...url, key: 'a?acl' }
  expect(URL_SIGNERS.v4(odd).url).toContain('/a%3Facl?')
  expect(() => URL_SIGNERS.v1(odd)).toThrow(Refusal)
  expect(() => URL_SIGNERS.v1(odd)).toThrow(
    expect.objectContaining({
      reason: 'key_invalid',
      facts: { problem: 'signature version 1 does not allow a question mark' },
    }),
  )
})
