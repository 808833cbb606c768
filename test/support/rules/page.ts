import { defineRules, KiB, MiB } from '../../../shared/rules/rules'

/** Rules for the page: one that takes any file by every mechanism, in parts as small as OSS allows, and others with limits. */
export default defineRules({
  media: {
    key: 'media/{sub}/{path}',
    upload: {
      maxBytes: 200 * MiB,
      overwrite: true,
      multipart: { partBytes: 100 * KiB },
      mechanisms: ['sts', 'url', 'form'],
      unenforced: { sts: ['size', 'callback', 'acl'] },
    },
    download: {},
    list: {},
  },
  avatar: {
    key: 'avatars/{sub}/{uuid}.{ext}',
    upload: {
      contentTypes: ['image/png', 'image/jpeg', 'image/webp'],
      maxBytes: 5 * MiB,
      ttlSeconds: 600,
      multipart: false,
    },
    download: { ttlSeconds: 300 },
  },
  documents: {
    allow: (caller) => caller.claims.plan === 'pro',
    key: 'documents/{sub}/{path}',
    upload: { contentTypes: ['application/pdf', 'image/*'], overwrite: true, mechanisms: ['url'] },
  },
  notes: {
    key: 'notes/{sub}/{path}',
    upload: {
      contentTypes: ['text/plain'],
      minBytes: 2,
      maxBytes: 4 * KiB,
      overwrite: true,
      mechanisms: ['sts', 'url', 'form'],
      multipart: false,
      unenforced: { sts: ['size', 'contentType', 'callback', 'acl'] },
    },
  },
  numbered: {
    key: 'numbered/{sub}/{uuid}.{ext}',
    upload: {
      overwrite: true,
      mechanisms: ['sts'],
      unenforced: { sts: ['key', 'callback', 'acl'] },
    },
  },
  strict: {
    key: 'strict/{sub}/{path}',
    upload: {
      overwrite: true,
      acl: 'public-read',
      storageClass: 'IA',
      serverSideEncryption: 'AES256',
      mechanisms: ['sts'],
      unenforced: { sts: ['headers', 'callback'] },
    },
    download: {},
  },
  kept: {
    key: 'kept/{sub}/{path}',
    upload: {},
    list: {},
  },
  read: { key: 'read/{sub}/{path}', download: {} },
})
