import type { UploadGrant } from '../../shared/policy/grant'
import { putHeaders } from '../../shared/policy/put-headers'

const GRANT: UploadGrant = {
  kind: 'upload',
  mechanism: 'url',
  rule: 'notes',
  sub: 'alice',
  bucket: 'demo-bkt',
  expiresAt: 1_700_000_600,
  key: 'notes/alice/a.txt',
  contentType: 'text/plain',
  minBytes: 0,
  maxBytes: 10,
  overwrite: true,
  headers: {},
}

it('names the type and nothing else for a grant that fixes nothing else', () => {
  expect(putHeaders(GRANT)).toEqual({
    headers: { 'content-type': 'text/plain' },
    additionalHeaders: [],
  })
})

it.each<[string, Partial<UploadGrant>, Record<string, string>, string[]]>([
  ['the size', { contentLength: 0 }, { 'content-length': '0' }, ['content-length']],
  ['the MD5', { contentMd5: 'M' }, { 'content-md5': 'M' }, []],
  ['no overwrite', { overwrite: false }, { 'x-oss-forbid-overwrite': 'true' }, []],
  [
    'the ACL',
    { headers: { 'x-oss-object-acl': 'private' } },
    { 'x-oss-object-acl': 'private' },
    [],
  ],
  ['caching', { headers: { 'cache-control': 'a' } }, { 'cache-control': 'a' }, ['cache-control']],
  [
    'the disposition',
    { headers: { 'content-disposition': 'inline' } },
    { 'content-disposition': 'inline' },
    ['content-disposition'],
  ],
])('signs %s where it is fixed, as an additional header where OSS asks for that', (...row) => {
  const [, change, headers, additionalHeaders] = row
  expect(putHeaders({ ...GRANT, ...change })).toEqual({
    headers: { 'content-type': 'text/plain', ...headers },
    additionalHeaders,
  })
})
