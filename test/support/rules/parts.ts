import { defineRules, KiB } from '../../../shared/rules/rules'

const upload = { mechanisms: ['url' as const], multipart: { partBytes: 100 * KiB } }

/** Rules whose parts are as small as OSS allows, so that tests of them are quick. */
export default defineRules({
  films: { key: 'films/{sub}/{path}', upload: { ...upload, overwrite: true }, download: {} },
  unread: { key: 'unread/{sub}/{path}', upload: { ...upload, overwrite: true } },
  once: { key: 'once/{sub}/{path}', upload, download: {} },
  brief: {
    key: 'brief/{sub}/{path}',
    upload: { ...upload, overwrite: true, ttlSeconds: 30 },
    download: {},
  },
  paid: {
    allow: ({ claims }) => claims.plan === 'pro',
    key: 'paid/{sub}/{path}',
    upload: { ...upload, overwrite: true },
    download: {},
  },
})
