import { ask, BUCKET, NOW, post, ROOT, session, shareCloud, textOf, textsOf } from './support/cloud'
import { FILE } from './support/forms'
import { deny } from './support/permissions'
import { outcome } from './support/schemes'
import { formV4 } from './support/sign'

const cloud = shareCloud()

describe('fields', () => {
  const sign = (fields: [string, string][], conditions: unknown[] = [{ bucket: BUCKET }]) =>
    formV4({ fields, conditions }, ROOT, NOW)

  it('puts the file name into the key after the policy was checked', async () => {
    const conditions = [{ bucket: BUCKET }, ['eq', '$key', `up/\${filename}`]]
    const fields = sign([['key', `up/\${filename}`]], conditions)
    expect((await post(cloud(), fields, { ...FILE, filename: '$& 报告.txt' })).status).toBe(204)
    expect((await ask(cloud(), { method: 'HEAD', key: 'up/$& 报告.txt' })).status).toBe(200)
  })

  it.each([
    ['no name', '', '0016-00000001'],
    ['a backslash', '\\\\', '0016-00000005'],
    ['a leading slash', '/a', '0016-00000005'],
    ['1024 bytes', 'n'.repeat(1024), '0016-00000002'],
  ])('refuses a key that is a file name of %s', async (_, filename, ec) => {
    const reply = await post(cloud(), sign([['key', `\${filename}`]]), { ...FILE, filename })
    expect(outcome(reply)).toEqual([400, 'InvalidObjectName', ec])
    const { text } = await ask(cloud(), { method: 'GET', key: '' })
    expect(textsOf(text, 'Key')).not.toContain(filename)
  })

  it('stores headers, metadata, ACL and storage class', async () => {
    const fields = sign([
      ['key', 'headers'],
      ['Cache-Control', 'no-cache'],
      ['Content-Disposition', 'inline'],
      ['Content-Encoding', 'identity'],
      ['Expires', 'never'],
      ['x-oss-meta-Tag', 'T'],
      ['x-oss-storage-class', 'IA'],
      ['x-oss-object-acl', 'private'],
    ])
    expect((await post(cloud(), fields, FILE)).status).toBe(204)
    const { headers } = await ask(cloud(), { method: 'HEAD', key: 'headers' })
    expect(headers).toMatchObject({
      'cache-control': 'no-cache',
      'content-disposition': 'inline',
      'content-encoding': 'identity',
      expires: 'never',
      'x-oss-meta-tag': 'T',
      'x-oss-storage-class': 'IA',
    })
  })

  it.each([
    ['x-oss-meta-a', 'a\x01b'],
    ['x-oss-meta-a', 'a\nb'],
    ['Cache-Control', '\0'],
    ['Content-Disposition', 'inline\r'],
    ['x-oss-content-type', 'text/\x7fplain'],
    ['x-oss-storage-class', '\x1f'],
  ])('refuses %s %j, which no header can carry', async (name, value) => {
    const reply = await post(
      cloud(),
      sign([
        ['key', 'carried'],
        [name, value],
      ]),
      FILE,
    )
    expect(outcome(reply)).toEqual([400, 'InvalidArgument', undefined])
    expect(textOf(reply.text, 'ArgumentName')).toBe(name.toLowerCase())
    expect((await ask(cloud(), { method: 'HEAD', key: 'carried' })).status).toBe(404)
  })

  it("refuses a file part's type that no header can carry, and takes tabs and UTF-8", async () => {
    const odd = { ...FILE, type: 'text/\x7fplain' }
    const refused = await post(cloud(), sign([['key', 'typed']]), odd)
    expect(outcome(refused)).toEqual([400, 'InvalidArgument', undefined])
    expect(textOf(refused.text, 'ArgumentName')).toBe('content-type')
    const fields = sign([
      ['key', 'tab'],
      ['x-oss-meta-a', 'a\t报告\u0085'],
    ])
    expect((await post(cloud(), fields, FILE)).status).toBe(204)
    const { headers } = await ask(cloud(), { method: 'HEAD', key: 'tab' })
    const bytes = Buffer.from(String(headers['x-oss-meta-a']), 'latin1')
    expect(bytes.toString()).toBe('a\t报告\u0085')
  })

  it.each([
    [
      [
        ['x-oss-content-type', 'a/b'],
        ['Content-Type', 'c/d'],
      ],
      'e/f',
      'a/b',
    ],
    [[['Content-Type', 'c/d']], 'e/f', 'e/f'],
    [[['Content-Type', 'c/d']], undefined, 'c/d'],
    [[], undefined, 'application/octet-stream'],
  ] as [[string, string][], string | undefined, string][])(
    'takes the type of %j and a part of %s as %s',
    async (types, type, expected) => {
      const file = { content: 'x', filename: 'x', ...(type && { type }) }
      await post(cloud(), sign([['key', 'typed'], ...types]), file)
      const { headers } = await ask(cloud(), { method: 'HEAD', key: 'typed' })
      expect(headers['content-type']).toBe(expected)
    },
  )

  it.each([
    ['200', 200, ''],
    ['204', 204, ''],
    ['abc', 204, ''],
    ['201', 201, 'PostResponse'],
  ])('answers success_action_status %s by %d', async (value, status, root) => {
    const reply = await post(
      cloud(),
      sign([
        ['key', 'status'],
        ['success_action_status', value],
      ]),
      FILE,
    )
    expect(reply.status).toBe(status)
    expect(reply.text).toContain(root)
    if (root === '') expect(reply.text).toBe('')
    else expect(textOf(reply.text, 'Key')).toBe('status')
  })

  it('redirects after success only', async () => {
    const url = ['success_action_redirect', 'http://app.example/done?a=b'] as [string, string]
    const reply = await post(cloud(), sign([['key', 'go'], url]), FILE)
    expect(reply.status).toBe(303)
    expect(reply.headers.location).toBe(
      'http://app.example/done?a=b&bucket=demo-bkt&key=go&etag=%225D41402ABC4B2A76B9719D911017C592%22',
    )
    const refused = await post(cloud(), sign([['key', 'go'], url], [{ bucket: 'other' }]), FILE)
    expect([refused.status, refused.headers.location]).toEqual([403, undefined])
  })

  it('does not overwrite what it was told not to', async () => {
    const fields = sign([
      ['key', 'once'],
      ['x-oss-forbid-overwrite', 'true'],
    ])
    expect((await post(cloud(), fields, FILE)).status).toBe(204)
    const reply = await post(cloud(), fields, FILE)
    expect([reply.status, reply.code]).toEqual([409, 'FileAlreadyExists'])
  })

  it.each([
    ['the header', {}, 'public-read'],
    ['the field, which beats the header', { 'x-oss-object-acl': 'private' }, 'private'],
  ])('takes the ACL of %s, and judges it by the policy', async (_, field, expected) => {
    const headers = { 'x-oss-object-acl': 'public-read' }
    const fields: [string, string][] = [['key', 'acl'], ...Object.entries(field)]
    expect((await post(cloud(), sign(fields), FILE, headers)).status).toBe(204)
    const shown = await ask(cloud(), { method: 'GET', key: 'acl', query: { acl: '' } })
    expect(textOf(shown.text, 'Grant')).toBe(expected)
    const Condition = { StringEquals: { 'oss:x-oss-object-acl': expected } }
    const signer = session(cloud(), deny('oss:PutObject', '*', { Condition }))
    const conditions = [{ bucket: BUCKET }]
    const denied = await post(cloud(), formV4({ fields, conditions }, signer, NOW), FILE, headers)
    expect(outcome(denied)).toEqual([403, 'AccessDenied', '0003-00000201'])
  })

  it('ignores tags, also in a header of the request', async () => {
    const headers = { 'x-oss-tagging': 'k=v' }
    const Condition = { StringEquals: { 'oss:RequestObjectTag/k': 'v' } }
    const signer = session(cloud(), deny('oss:PutObject*', '*', { Condition }))
    const fields: [string, string][] = [
      ['key', 'untagged'],
      ['x-oss-tagging', 'k=v'],
    ]
    const signed = formV4({ fields, conditions: [{ bucket: BUCKET }] }, signer, NOW)
    expect((await post(cloud(), signed, FILE, headers)).status).toBe(204)
    const got = await ask(cloud(), { method: 'HEAD', key: 'untagged' })
    expect(got.headers['x-oss-tagging-count']).toBeUndefined()
  })

  it('refuses a form without a key', async () => {
    const reply = await post(cloud(), sign([]), FILE)
    expect([reply.status, reply.code]).toEqual([400, 'InvalidArgument'])
    expect(reply.message).toContain("must contain the specified 'key'")
  })

  it('reads names in any case and the first of a repeated one', async () => {
    const fields = sign([
      ['KEY', 'first'],
      ['key', 'second'],
    ])
    expect((await post(cloud(), fields, FILE)).status).toBe(204)
    expect((await ask(cloud(), { method: 'HEAD', key: 'first' })).status).toBe(200)
    expect((await ask(cloud(), { method: 'HEAD', key: 'second' })).status).toBe(404)
  })

  it('takes the bucket from the address, whatever a field says', async () => {
    const lie = sign(
      [
        ['key', 'k'],
        ['bucket', 'other-bkt'],
      ],
      [{ bucket: 'other-bkt' }],
    )
    expect((await post(cloud(), lie, FILE)).ec).toBe('0006-00000227')
  })

  it('refuses an anonymous form on a private bucket', async () => {
    const reply = await post(cloud(), [['key', 'anonymous']], FILE)
    expect([reply.status, reply.code]).toEqual([403, 'AccessDenied'])
  })

  it.each([
    ['8 KB', 8192, [204, undefined, undefined]],
    ['8 KB and one byte', 8193, [400, 'FieldItemTooLong', '0006-00000110']],
  ])('judges a field name of %s', async (_, length, expected) => {
    const fields: [string, string][] = [['n'.repeat(length), 'v'], ...sign([['key', 'names']])]
    expect(outcome(await post(cloud(), fields, FILE))).toEqual(expected)
  })

  it.each([
    ['2 MB', 2 * 1024 * 1024, [204, undefined, undefined]],
    ['2 MB and one byte', 2 * 1024 * 1024 + 1, [400, 'FieldItemTooLong', undefined]],
  ])('judges a field value of %s', async (_, length, expected) => {
    const fields: [string, string][] = [['x', 'v'.repeat(length)], ...sign([['key', 'values']])]
    expect(outcome(await post(cloud(), fields, FILE))).toEqual(expected)
  })

  it('refuses more than 8 MB before the file', async () => {
    const values = Array.from({ length: 5 }, (_, i): [string, string] => [
      `f${i}`,
      'v'.repeat(1_800_000),
    ])
    const reply = await post(cloud(), [...values, ...sign([['key', 'much']])], FILE)
    expect(outcome(reply)).toEqual([400, 'MaxPOSTPreDataLengthExceededError', '0006-00000112'])
  })
})
