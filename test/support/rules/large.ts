import { defineRules, GiB, KiB, MiB } from '../../../shared/rules/rules'

/** Rules for large files: one as it comes, two cut as small as OSS allows so that their parts are quick, and others beside. */
export default defineRules({
  videos: {
    key: 'videos/{sub}/{path}',
    upload: { contentTypes: ['video/*'], maxBytes: 4 * GiB, ttlSeconds: 3600 },
    download: { as: 'inline' },
  },
  reels: {
    key: 'reels/{sub}/{path}',
    upload: { contentTypes: ['video/*'], maxBytes: 16 * MiB, multipart: { partBytes: 100 * KiB } },
    download: {},
  },
  clips: {
    key: 'clips/{sub}/{uuid}.{ext}',
    upload: {
      contentTypes: ['video/*', 'text/html', 'image/*'],
      minBytes: 1,
      mechanisms: ['url'],
      maxBytes: 1024 * KiB,
      multipart: { partBytes: 100 * KiB },
      metadata: { title: 20 },
      cacheControl: 'max-age=60',
    },
  },
  films: {
    key: 'films/{sub}/{uuid}.{ext}',
    upload: { mechanisms: ['url'], multipart: { partBytes: 100 * KiB } },
  },
  files: {
    key: 'files/{sub}/{path}',
    upload: { maxBytes: 1024 * KiB },
    download: { styles: ['thumb'] },
    list: {},
    remove: { ttlSeconds: 60 },
  },
  paid: {
    allow: ({ claims }, { operation, ...wish }) =>
      claims.plan === 'pro' &&
      operation === 'multipart' &&
      'filename' in wish &&
      wish.filename === 'a/b.mp4' &&
      wish.contentType === 'video/mp4' &&
      wish.contentLength === 5,
    key: 'paid/{sub}/{path}',
    upload: { maxBytes: GiB },
  },
  plain: {
    key: 'plain/{sub}/{path}',
    upload: { maxBytes: 1024 * KiB, mechanisms: ['form'], unenforced: { form: ['callback'] } },
  },
  lent: {
    key: 'lent/{sub}/{path}',
    upload: {
      contentTypes: ['video/mp4'],
      overwrite: true,
      mechanisms: ['sts', 'url'],
      unenforced: { sts: ['contentType', 'callback', 'acl'] },
    },
    download: {},
  },
  kept: {
    key: 'kept/{sub}/{path}',
    upload: { contentTypes: ['text/plain'], contentDisposition: 'attachment' },
    download: {},
  },
  bound: {
    key: 'bound/{sub}/{path}',
    upload: { contentTypes: ['video/mp4'] },
    download: {},
  },
  whole: {
    key: 'whole/{sub}/{path}',
    upload: { maxBytes: 1024 * KiB, multipart: false },
  },
})
