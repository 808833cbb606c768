import type { RuleInput } from '../../shared/rules/rule-input'
import { GiB, MiB } from '../../shared/rules/rules'
import { changed, changedUpload, issuesOf, UPLOAD } from '../policy/support/wrong-rules'

const LENT: RuleInput = { key: 'lent/{sub}/{path}', download: { mechanisms: ['sts'] } }

test.each([
  ['files/{sub}/a}/{path}', /contains a } without a {/],
  ['files/{sub}/}{uuid}', /contains a } without a {/],
  ['files/{sub}/{uuid}}', /contains a } without a {/],
  ['files/{sub}/{{uuid}}', /contains an unknown placeholder/],
  [`files/{sub}/${'{ext}'.repeat(7)}`, /contains {ext} more than once/],
  ['files/{sub}/{ext}a{ext}', /contains {ext} more than once/],
  ['files/{ext}/{sub}/x.{ext}', /contains {ext} more than once/],
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
  ['key', 7, /^files.key: must be a string/],
  ['key', `files/{sub}/${'x'.repeat(500)}/{path}`, /^files.key: must be at most 512 characters/],
  ['key', 'files/{uuid}', /^files.key: does not separate callers/],
  ['key', 'files/{uuid}/{sub}/{path}', /^files.key: does not separate callers/],
  ['key', 'files/{sub}', /^files.key: does not separate callers/],
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
  ['contentTypes', ['image'], /upload.contentTypes.0: must be a media type or pattern/],
  ['minBytes', 1.5, /must be an integer/],
  ['minBytes', MiB + 1, /minBytes: is more than maxBytes/],
  ['maxBytes', '5', /must be a number/],
  ['ttlSeconds', 29, /at least 30/],
  ['ttlSeconds', 3601, /at most 3600/],
  ['overwrite', 'yes', /must be a boolean/],
  ['mechanisms', [], /at least 1 entries/],
  ['mechanisms', ['callback'], /mechanisms.0: must be sts, url or form/],
  ['unenforced', { form: ['as'] }, /unenforced.form.0: must be name, key, size/],
  ['unenforced', { callback: [] }, /unenforced.callback: is not known/],
  ['unenforced', { sts: ['size'] }, /unenforced.sts: names a mechanism/],
  ['unenforced', { form: ['size'] }, /unenforced.form: names size, which OSS enforces/],
  ['metadata', { Title: 5 }, /metadata/],
  ['metadata', { title: 0 }, /metadata.title: must be at least 1/],
  ['cacheControl', 'a\r\nb', /printable ASCII/],
  ['cacheControl', '', /printable ASCII/],
  ['cacheControl', ' a', /printable ASCII/],
  ['contentDisposition', 'é', /printable ASCII/],
  ['storageClass', 'Cold', /must be Standard, IA/],
  ['serverSideEncryption', 'none', /must be AES256, SM4 or KMS/],
  ['serverSideEncryption', 'KMS', /serverSideEncryption: requires kmsKeyId/],
  ['kmsKeyId', 'key-1', /kmsKeyId: requires serverSideEncryption: 'KMS'/],
  ['acl', 'public', /must be default, private/],
  ['contentMd5', true, /must be required/],
  ['bindSourceIp', true, /bindSourceIp: requires STS/],
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
  ['list', true, /download.list: requires STS/],
  ['unenforced', { url: ['as'] }, /unenforced.url: names as, which OSS enforces/],
  ['evil', 1, /is not known/],
])('refuses download.%s: %j', (name, value, issue) => {
  expect(issuesOf(changed(UPLOAD, { download: { [name]: value } }))).toEqual([
    expect.stringMatching(issue),
  ])
})

it.each([29, 604_801, Number.NaN, '60'])('refuses linkSeconds of %s', (linkSeconds) => {
  expect(issuesOf(changed(LENT, { linkSeconds }))).toEqual([
    expect.stringMatching(/linkSeconds: must be/),
  ])
})

it.each([30, 604_800])('takes linkSeconds of %s, where the rule lends STS', (linkSeconds) => {
  expect(issuesOf(changed(LENT, { linkSeconds }))).toEqual([])
  expect(issuesOf(changed(UPLOAD, { linkSeconds }))).toEqual([
    expect.stringMatching(/linkSeconds: requires STS/),
  ])
})
