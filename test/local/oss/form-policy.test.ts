import { NOW, post, ROOT, shareCloud } from './support/cloud'
import { DRAFT, FILE } from './support/forms'
import { formV1, v1 } from './support/sign'

const cloud = shareCloud()

describe('the V1 form', () => {
  it.each([
    ['OSSAccessKeyId', 'Post request accessKeyId is empty.'],
    ['Signature', 'Post request signature is empty.'],
    ['policy', 'Post request policy is empty.'],
  ])('needs all three fields, %s too', async (name, message) => {
    const fields = formV1(DRAFT, ROOT, NOW).filter(([field]) => field !== name)
    const reply = await post(cloud(), fields, FILE)
    expect([reply.status, reply.code, reply.message]).toEqual([400, 'InvalidArgument', message])
  })

  const policies: [string, string, string | undefined][] = [
    ['{"expiration":"2030-01-01T00:00:00Z"}', 'conditions', '0006-00000207'],
    ['{"conditions":[{"a":"b"}]}', 'expiration', '0006-00000208'],
    ['{}', 'missing', '0006-00000209'],
    ['{"expiration":1,"conditions":[{"a":"b"}]}', 'string', '0006-00000210'],
    ['{"expiration":"","conditions":[{"a":"b"}]}', 'empty', '0006-00000211'],
    ['{"expiration":"tomorrow","conditions":[{"a":"b"}]}', 'ISO', '0006-00000201'],
    ['{"expiration":"2030-01-01T00:00:00Z","conditions":[]}', 'empty', '0006-00000215'],
    ['{"expiration":"2030-01-01T00:00:00Z","conditions":{}}', 'list', '0006-00000224'],
    ['{"expiration":"2030-01-01T00:00:00Z","conditions":[["$key","a"]]}', 'mode', '0006-00000216'],
    [
      '{"expiration":"2030-01-01T00:00:00Z","conditions":[["eq","$key","a","b"]]}',
      'extra',
      '0006-00000218',
    ],
    [
      '{"expiration":"2030-01-01T00:00:00Z","conditions":[["eq","key","a"]]}',
      'argument',
      '0006-00000224',
    ],
    [
      '{"expiration":"2030-01-01T00:00:00Z","conditions":[["eq","$key",1]]}',
      'argument',
      '0006-00000224',
    ],
    [
      '{"expiration":"2030-01-01T00:00:00Z","conditions":[["in","$key","a"]]}',
      'argument',
      '0006-00000224',
    ],
    ...(
      [
        ['20,10', '0006-00000219'],
        ['1,0', '0006-00000219'],
        ['"1",10', '0006-00000220'],
        ['"1","10"', '0006-00000220'],
        ['"a",1', '0006-00000220'],
        ['-1,1', '0006-00000220'],
        ['1.5,10', '0006-00000220'],
        ['1,"10"', '0006-00000221'],
        ['10,"test"', '0006-00000221'],
        ['1,1.5', '0006-00000221'],
        ['1,9007199254740992', '0006-00000221'],
        ['1', '0006-00000221'],
        ['[1],"test"', '0006-00000223'],
        ['1,null', '0006-00000223'],
        ['1,{}', '0006-00000223'],
      ] as const
    ).map(([range, ec]): [string, string, string] => [
      `{"expiration":"2030-01-01T00:00:00Z","conditions":[["content-length-range",${range}]]}`,
      'content-length-range',
      ec,
    ]),
    [
      '{"expiration":"2030-01-01T00:00:00Z","conditions":[{"a":"b","c":"d"}]}',
      'exactly one property',
      undefined,
    ],
    ['{"expiration":"2030-01-01T00:00:00Z","conditions":[{}]}', 'exactly one property', undefined],
    ['{e', 'Invalid JSON', '0006-00000201'],
    ['[1 2]', ', or ] expected', '0006-00000201'],
    ['null', 'object', '0006-00000201'],
    ['[]', 'object', '0006-00000201'],
  ]
  it.each(policies)('refuses the policy %s', async (text, words, ec) => {
    const policy = Buffer.from(text).toString('base64')
    const fields: [string, string][] = [
      ['key', 'in/a'],
      ['OSSAccessKeyId', ROOT.id],
      ['policy', policy],
      ['Signature', v1(ROOT.secret, policy)],
    ]
    const reply = await post(cloud(), fields, FILE)
    expect([reply.status, reply.code, reply.ec]).toEqual([400, 'InvalidPolicyDocument', ec])
    expect(reply.message).toContain(words)
  })

  it('refuses a policy that is not base64', async () => {
    const fields: [string, string][] = [
      ['key', 'in/a'],
      ['OSSAccessKeyId', ROOT.id],
      ['policy', '{"expiration"'],
      ['Signature', v1(ROOT.secret, '{"expiration"')],
    ]
    expect((await post(cloud(), fields, FILE)).code).toBe('InvalidPolicyDocument')
  })

  it('reads the escape \\$', async () => {
    const text = String.raw`{"expiration":"2030-01-01T00:00:00Z","conditions":[["eq","\$key","in\/\u0061"],["starts-with","$x-oss-meta-m","\\\$"]]}`
    const policy = Buffer.from(text).toString('base64')
    const fields: [string, string][] = [
      ['key', 'in/a'],
      ['x-oss-meta-m', '\\$5'],
      ['OSSAccessKeyId', ROOT.id],
      ['policy', policy],
      ['Signature', v1(ROOT.secret, policy)],
    ]
    expect((await post(cloud(), fields, FILE)).status).toBe(204)
  })
})
