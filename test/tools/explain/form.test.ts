import { signForm } from '../../../shared/signing/form'
import { explain } from '../../../tools/explain'

const NOW = 1_700_000_000
const TARGET = {
  ...{
    bucket: 'demo-bkt',
    region: 'cn-hangzhou',
    endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
  },
  addressing: 'virtual-hosted',
} as const
const CREDENTIALS = { accessKeyId: 'id', accessKeySecret: 'secret' }

describe('a form', () => {
  const formOf = (
    conditions: unknown[],
    fields: Record<string, string>,
    expiration = '2100-01-01T00:00:00.000Z',
  ) =>
    JSON.stringify({
      fields: signForm({
        ...{ target: TARGET, credentials: CREDENTIALS, now: NOW },
        fields,
        policyText: () => JSON.stringify({ expiration, conditions }),
      }),
    })
  const SIGNING = ['x-oss-signature-version', 'x-oss-credential', 'x-oss-date'].map((name) => [
    'starts-with',
    `$${name}`,
    '',
  ])

  it.each<[string, unknown[], Record<string, string>, object[]]>([
    [
      'fits its policy',
      [{ bucket: 'b' }, ['eq', '$key', 'a'], ['content-length-range', 0, 9]],
      { key: 'a' },
      [],
    ],
    ['has another key', [['eq', '$key', 'a']], { key: 'b' }, [{ state: 'wrong', subject: 'key' }]],
    [
      'lacks a field',
      [['eq', '$key', 'a'], { 'x-oss-object-acl': 'private' }],
      { key: 'a' },
      [{ state: 'wrong', subject: 'x-oss-object-acl' }],
    ],
    [
      'has a field more',
      [['starts-with', '$key', 'a/']],
      { key: 'a/b', 'x-oss-meta-c': 'd' },
      [{ state: 'wrong', subject: 'x-oss-meta-c' }],
    ],
    [
      'has a type that is not in the list',
      [
        ['eq', '$key', 'a'],
        ['in', '$content-type', ['image/png']],
      ],
      { key: 'a', 'content-type': 'a/b' },
      [{ state: 'wrong', subject: 'content-type' }],
    ],
  ])('that %s', (_, conditions, fields, wrong) => {
    const findings = explain(formOf([...SIGNING, ...conditions], fields), { now: NOW })
    expect(findings.filter(({ state }) => state !== 'ok')).toMatchObject(wrong)
  })

  it('that has ended, and one whose policy cannot be read', () => {
    const over = formOf([...SIGNING, ['eq', '$key', 'a']], { key: 'a' }, '2020-01-01T00:00:00.000Z')
    expect(explain(over, { now: NOW })[0]).toMatchObject({ state: 'wrong', subject: 'lifetime' })
    expect(explain('{"fields":{"policy":"nonsense"}}', { now: NOW })).toMatchObject([
      { state: 'wrong', subject: 'policy' },
    ])
  })
})
