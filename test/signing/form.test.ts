import { signForm } from '../../shared/signing/form'
import type { OssTarget } from '../../shared/signing/target'
import vectors from '../vectors/v4.json'

const target: OssTarget = {
  bucket: 'demo-bkt',
  region: 'cn-hangzhou',
  endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
  addressing: 'virtual-hosted',
}

const order = {
  fields: { key: 'in/a.png', 'x:ticket': 't' },
  target,
  credentials: { accessKeyId: 'STS.a', accessKeySecret: 's', securityToken: 'tok/+=1' },
  now: 1_700_000_000,
  policyText: (fields: object) => JSON.stringify({ conditions: [fields] }),
}

describe('signForm', () => {
  it.each(vectors.derivedForm)('signs the vector "$name"', (vector) => {
    const { credentials, now, policyText } = vector
    const fields = signForm({ fields: {}, target, credentials, now, policyText: () => policyText })
    expect(fields['x-oss-signature']).toBe(vector.signature)
    expect(Buffer.from(fields.policy ?? '', 'base64').toString()).toBe(policyText)
  })

  it('gives the policy every field but the policy itself and its signature', () => {
    const { policy = '', 'x-oss-signature': signature, ...others } = signForm(order)
    const text = Buffer.from(policy, 'base64').toString()
    expect(JSON.parse(text)).toEqual({ conditions: [others] })
    expect(signature).toMatch(/^[0-9a-f]{64}$/)
    expect(others).toEqual({
      key: 'in/a.png',
      'x:ticket': 't',
      'x-oss-signature-version': 'OSS4-HMAC-SHA256',
      'x-oss-credential': 'STS.a/20231114/cn-hangzhou/oss/aliyun_v4_request',
      'x-oss-date': '20231114T221320Z',
      'x-oss-security-token': 'tok/+=1',
    })
  })

  it('sends no token field when the credentials have none', () => {
    const credentials = { accessKeyId: 'a', accessKeySecret: 's' }
    expect(signForm({ ...order, credentials })).not.toHaveProperty('x-oss-security-token')
  })

  it('signs every byte of the policy', () => {
    const changed = signForm({ ...order, policyText: () => '{"conditions":[1]}' })
    const again = signForm({ ...order, policyText: () => '{"conditions":[2]}' })
    expect(changed['x-oss-signature']).not.toBe(again['x-oss-signature'])
  })

  it('signs a policy longer than any buffer kept for short ones', () => {
    const policyText = 'é'.repeat(20_000)
    const first = signForm({ ...order, policyText: () => policyText })
    const second = signForm({ ...order, policyText: () => `${policyText}.` })
    expect(first['x-oss-signature']).not.toBe(second['x-oss-signature'])
  })
})
