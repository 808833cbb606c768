import { defineRules, MiB } from '../../../shared/rules/rules'

/** One rule that takes any file by every mechanism, the example rules, and one that takes a title with it. */
export default defineRules({
  media: {
    key: 'media/{sub}/{path}',
    upload: {
      maxBytes: 200 * MiB,
      overwrite: true,
      mechanisms: ['sts', 'url', 'form'],
      unenforced: { sts: ['size', 'callback', 'acl'] },
    },
    download: {},
  },
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
      maxBytes: 2048 * MiB,
      overwrite: true,
      mechanisms: ['sts', 'url'],
      unenforced: { sts: ['size', 'contentType', 'callback', 'acl'] },
    },
    download: {},
  },
  served: {
    key: 'served/{sub}/{path}',
    upload: {
      overwrite: true,
      cacheControl: 'private',
      contentDisposition: 'attachment',
      mechanisms: ['sts', 'url', 'form'],
      unenforced: { sts: ['headers', 'acl', 'callback'] },
    },
  },
  sniffed: {
    key: 'sniffed/{sub}/{path}',
    upload: { contentTypes: ['image/png'], overwrite: true, sniff: true },
  },
  single: {
    key: 'single/{sub}/{path}',
    upload: { overwrite: true, once: true },
  },
  titled: {
    key: 'titled/{sub}/{path}',
    upload: {
      overwrite: true,
      mechanisms: ['sts', 'form'],
      metadata: { title: 5 },
      unenforced: { sts: ['metadata', 'callback', 'acl'], form: ['metadata'] },
    },
  },
})
