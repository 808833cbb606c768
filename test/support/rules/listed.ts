import { defineRules, MiB } from '../../../shared/rules/rules'

/** Rules whose files are listed, removed and replaced, and one whose files are not listed. */
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
    list: {},
    remove: {},
  },
  album: {
    key: 'album/{sub}/{path}',
    upload: { contentTypes: ['image/png', 'image/jpeg'], maxBytes: 5 * MiB },
    download: { ttlSeconds: 300 },
    list: {},
  },
  avatar: {
    key: 'avatars/{sub}/{uuid}.{ext}',
    upload: { contentTypes: ['image/png', 'image/jpeg', 'image/webp'], maxBytes: 5 * MiB },
    download: { ttlSeconds: 300 },
  },
})
