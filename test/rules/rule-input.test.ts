import { GiB, MiB } from '../../shared/rules/rules'
import { changed, changedUpload, issuesOf, UPLOAD } from '../policy/support/wrong-rules'

test.each([
  ['files/{sub}/a}/{path}', /holds a } that ends no placeholder/],
  ['files/{sub}/}{uuid}', /holds a } that ends no placeholder/],
  ['files/{sub}/{uuid}}', /holds a } that ends no placeholder/],
  ['files/{sub}/{{uuid}}', /holds an unknown placeholder/],
  [`files/{sub}/${'{ext}'.repeat(7)}`, /holds {ext} more than once/],
  ['files/{sub}/{ext}a{ext}', /holds {ext} more than once/],
  ['files/{ext}/{sub}/x.{ext}', /holds {ext} more than once/],
])('refuses the key %s, and still tells of the rest', (key, issue) => {
  const issues = issuesOf({ files: { key, upload: { bogus: 1 } } })
  expect(issues[0]).toBe('files.upload.bogus: is not known')
  expect(issues[1]).toMatch(issue)
})

test('looks no further at a key that is too long', () => {
  const issue = 'files.key: must be at most 512 characters long'
  expect(issuesOf(changed(UPLOAD, { key: '{'.repeat(513) }))).toEqual([issue])
  expect(issuesOf(changed(UPLOAD, { key: '{'.repeat(512) }))).not.toContain(issue)
})

test.each([
  ['bucket', 'A', /^files.bucket: must be a bucket name/],
  ['bucket', 'ab', /^files.bucket: must be a bucket name/],
  ['bucket', 'a'.repeat(64), /^files.bucket: must be a bucket name/],
  ['allow', true, /^files.allow: must be a function/],
  ['key', 7, /^files.key: must be a text/],
  ['key', `files/{sub}/${'x'.repeat(500)}/{path}`, /^files.key: must be at most 512 characters/],
  ['key', 'files/{uuid}', /^files.key: does not tell callers apart/],
  ['key', 'files/{uuid}/{sub}/{path}', /^files.key: does not tell callers apart/],
  ['key', 'files/{sub}', /^files.key: does not tell callers apart/],
  ['shared', true, /^files.shared: is true, but/],
  ['evil', true, /^files.evil: is not known/],
])('refuses %s: %j', (name, value, issue) => {
  expect(issuesOf(changed(UPLOAD, { [name]: value }))).toEqual([expect.stringMatching(issue)])
})

test('takes a key without {sub} when sharing is meant', () => {
  expect(issuesOf(changed(UPLOAD, { key: 'files/{uuid}', shared: true }))).toEqual([])
})

test.each([
  ['contentTypes', [], /at least 1 entries/],
  ['contentTypes', ['image'], /upload.contentTypes.0: must be like/],
  ['minBytes', 1.5, /whole number/],
  ['minBytes', MiB + 1, /minBytes: is more than maxBytes/],
  ['maxBytes', '5', /must be a number/],
  ['ttlSeconds', 29, /at least 30/],
  ['ttlSeconds', 3601, /at most 3600/],
  ['overwrite', 'yes', /true or false/],
  ['mechanisms', [], /at least 1 entries/],
  ['mechanisms', ['callback'], /mechanisms.0: must be sts, url or form/],
  ['unenforced', { form: ['as'] }, /unenforced.form.0: must be key, size/],
  ['unenforced', { callback: [] }, /unenforced.callback: is not known/],
  ['unenforced', { sts: ['size'] }, /unenforced.sts: is about a mechanism/],
  ['unenforced', { form: ['size'] }, /unenforced.form: names size, which OSS does enforce/],
  ['metadata', { Title: 5 }, /metadata/],
  ['metadata', { title: 0 }, /metadata.title: must be at least 1/],
  ['cacheControl', 'a\r\nb', /plain printable/],
  ['cacheControl', '', /plain printable/],
  ['cacheControl', ' a', /plain printable/],
  ['contentDisposition', 'é', /plain printable/],
  ['storageClass', 'Cold', /must be Standard, IA/],
  ['serverSideEncryption', 'none', /must be AES256, SM4 or KMS/],
  ['serverSideEncryption', 'KMS', /serverSideEncryption: names no key of KMS \(add kmsKeyId/],
  ['kmsKeyId', 'key-1', /kmsKeyId: needs serverSideEncryption: 'KMS'/],
  ['acl', 'public', /must be default, private/],
  ['contentMd5', true, /must be required/],
  ['bindSourceIp', true, /bindSourceIp: needs STS/],
  ['multipart', true, /upload.multipart: is not valid|must be/],
  ['multipart', { partBytes: 102_399 }, /upload.multipart/],
  ['multipart', { partBytes: 5 * GiB + 1 }, /upload.multipart/],
])('refuses upload.%s: %j', (name, value, issue) => {
  expect(issuesOf(changedUpload(UPLOAD, { [name]: value }))).toEqual([expect.stringMatching(issue)])
})

test.each(['', '*', 'a/b', 'alias/my-key', 'acs:kms:cn-hangzhou:1:key/a', 'x'.repeat(65)])(
  'refuses the KMS key %j, which could be more than one',
  (kmsKeyId) => {
    const encrypted = changedUpload(UPLOAD, { serverSideEncryption: 'KMS', kmsKeyId })
    expect(issuesOf(encrypted)).toEqual([
      'files.upload.kmsKeyId: must be the id of a key, not an alias or ARN',
    ])
  },
)

test.each([
  ['ttlSeconds', 3601, /at most 3600/],
  ['mechanisms', ['form'], /must be sts or url/],
  ['as', 'page', /must be inline or attachment/],
  ['styles', ['a/b'], /name of an image style/],
  ['list', true, /download.list: needs STS/],
  ['unenforced', { url: ['as'] }, /unenforced.url: names as, which OSS does enforce/],
  ['evil', 1, /is not known/],
])('refuses download.%s: %j', (name, value, issue) => {
  expect(issuesOf(changed(UPLOAD, { download: { [name]: value } }))).toEqual([
    expect.stringMatching(issue),
  ])
})
