import { defineRules, GiB, MiB } from './shared/rules/rules'

export default defineRules({
  avatar: {
    key: 'avatars/{sub}/{uuid}.{ext}',
    upload: {
      contentTypes: ['image/png', 'image/jpeg', 'image/webp'],
      maxBytes: 5 * MiB,
      ttlSeconds: 600,
    },
    download: { ttlSeconds: 300 },
  },
  documents: {
    allow: (caller) => caller.claims.plan === 'pro',
    key: 'documents/{sub}/{path}',
    upload: {
      contentTypes: ['application/pdf', 'image/*'],
      maxBytes: 2 * GiB,
      overwrite: true,
      mechanisms: ['sts', 'url'],
      unenforced: { sts: ['size', 'contentType', 'callback', 'acl'] },
    },
    download: {},
    list: {},
    remove: {},
  },
})
