import { ask, BUCKET, session, shareBucket, textOf } from './support/cloud'
import { deny } from './support/permissions'
import { outcome } from './support/schemes'

const { cloud, get } = shareBucket()

const EMPTY = '<CompleteMultipartUpload></CompleteMultipartUpload>'

async function begin(key: string, headers: Record<string, string> = {}) {
  const reply = await ask(cloud(), { method: 'POST', key, query: { uploads: '' }, headers })
  return { key, uploadId: textOf(reply.text, 'UploadId') ?? '' }
}

type Begun = Awaited<ReturnType<typeof begin>>

function sendPart({ key, uploadId }: Begun, body = 'x') {
  return ask(cloud(), { method: 'PUT', key, query: { uploadId, partNumber: '1' } }, body)
}

function complete({ key, uploadId }: Begun, body: string, headers: Record<string, string> = {}) {
  return ask(cloud(), { method: 'POST', key, query: { uploadId }, headers }, body)
}

describe('without parts', () => {
  it.each([
    ['an empty list', EMPTY, {}],
    ['an empty element', '<?xml version="1.0"?><CompleteMultipartUpload/>', {}],
    ['all parts, of which there are none', '', { 'x-oss-complete-all': 'yes' }],
  ])('stores an empty object by %s', async (_, body, headers) => {
    const begun = await begin('empty', { 'x-oss-meta-a': 'b' })
    const reply = await complete(begun, body, headers as Record<string, string>)
    expect([reply.status, textOf(reply.text, 'Key')]).toEqual([200, 'empty'])
    const got = await get('empty')
    expect([got.status, got.text, got.headers['content-length']]).toEqual([200, '', '0'])
    expect(got.headers).toMatchObject({ 'x-oss-meta-a': 'b', 'x-oss-object-type': 'Multipart' })
    await ask(cloud(), { method: 'DELETE', key: 'empty' })
  })

  it('leaves parts out that were sent, and can be copied', async () => {
    const begun = await begin('left out')
    await sendPart(begun)
    expect((await complete(begun, EMPTY)).status).toBe(200)
    const headers = { 'x-oss-copy-source': `/${BUCKET}/left%20out` }
    expect((await ask(cloud(), { method: 'PUT', key: 'copied', headers })).status).toBe(200)
    expect((await get('copied')).text).toBe('')
  })
})

describe('with an ACL', () => {
  const grantOf = async (key: string) => textOf((await get(key, { acl: '' })).text, 'Grant')

  it.each([
    ['of its own', {}, { 'x-oss-object-acl': 'public-read' }, 'public-read'],
    [
      'that goes before the first',
      { 'x-oss-object-acl': 'public-read' },
      { 'x-oss-object-acl': 'private' },
      'private',
    ],
    ['that is empty', { 'x-oss-object-acl': 'private' }, { 'x-oss-object-acl': '' }, 'default'],
    ['that the upload was begun with', { 'x-oss-object-acl': 'private' }, {}, 'private'],
  ])('takes the one %s', async (name, first, last, expected) => {
    const begun = await begin(`acl ${name}`, first as Record<string, string>)
    await complete(begun, EMPTY, last as Record<string, string>)
    expect(await grantOf(begun.key)).toBe(expected)
  })

  it('refuses an unknown one, and a public one under Block Public Access', async () => {
    const begun = await begin('unknown acl')
    const unknown = await complete(begun, EMPTY, { 'x-oss-object-acl': 'secret' })
    expect(outcome(unknown)).toEqual([400, 'InvalidArgument', undefined])
    const query = { publicAccessBlock: '' }
    const block = (value: boolean) =>
      `<PublicAccessBlockConfiguration><BlockPublicAccess>${value}</BlockPublicAccess></PublicAccessBlockConfiguration>`
    await ask(cloud(), { method: 'PUT', key: '', query }, block(true))
    const blocked = await complete(begun, EMPTY, { 'x-oss-object-acl': 'public-read' })
    await ask(cloud(), { method: 'PUT', key: '', query }, block(false))
    expect(outcome(blocked)).toEqual([403, 'AccessDenied', '0016-00000901'])
    expect((await get('unknown acl')).status).toBe(404)
  })

  it('is judged by policies', async () => {
    const Condition = { StringEquals: { 'oss:x-oss-object-acl': 'public-read' } }
    const signer = session(cloud(), deny('oss:PutObject', '*', { Condition }))
    const { key, uploadId } = await begin('denied acl')
    const headers = { 'x-oss-object-acl': 'public-read' }
    const draft = { method: 'POST', key, query: { uploadId }, headers }
    expect(outcome(await ask(cloud(), draft, EMPTY, signer))).toEqual([
      403,
      'AccessDenied',
      '0003-00000201',
    ])
  })
})

describe('a part that is not there', () => {
  it('is named with its ETag', async () => {
    const begun = await begin('missing part')
    await sendPart(begun)
    const part = '<Part><PartNumber>1</PartNumber><ETag>"ABC"</ETag></Part>'
    const reply = await complete(begun, EMPTY.replace('><', `>${part}<`))
    expect(outcome(reply)).toEqual([400, 'InvalidPart', undefined])
    expect(reply.message).toMatch(/does not match the part's entity tag\.$/)
    expect([textOf(reply.text, 'PartNumber'), textOf(reply.text, 'ETag')]).toEqual(['1', 'ABC'])
  })
})

describe('an upload that is over', () => {
  const over = { key: 'over', uploadId: '0'.repeat(32) }
  const source = { 'x-oss-copy-source': `/${BUCKET}/empty` }
  const onUpload = (method: string, query: Record<string, string> = {}, headers = {}) =>
    ask(cloud(), { method, key: 'over', query: { uploadId: over.uploadId, ...query }, headers }, '')

  it.each([
    ['UploadPart', () => sendPart(over), '0042-00000104'],
    ['UploadPartCopy', () => onUpload('PUT', { partNumber: '1' }, source), '0042-00000104'],
    ['AbortMultipartUpload', () => onUpload('DELETE'), '0042-00000002'],
    ['ListParts', () => onUpload('GET'), undefined],
    ['CompleteMultipartUpload', () => complete(over, EMPTY), undefined],
  ])('is NoSuchUpload to %s', async (_, request, ec) => {
    expect(outcome(await request())).toEqual([404, 'NoSuchUpload', ec])
  })
})
