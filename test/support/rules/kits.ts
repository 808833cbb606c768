import { defineRules, KiB } from '../../../shared/rules/rules'

/** Rules for the examples with the typed client: small parts, and files that may be deleted. */
export default defineRules({
  documents: {
    key: 'documents/{sub}/{path}',
    upload: {
      contentTypes: ['application/pdf', 'image/*'],
      maxBytes: 1024 * KiB,
      overwrite: true,
      mechanisms: ['url'],
      multipart: { partBytes: 100 * KiB },
    },
    download: {},
    remove: {},
  },
  avatar: {
    key: 'avatars/{sub}/{uuid}.{ext}',
    upload: { contentTypes: ['image/*'], maxBytes: 1024 * KiB },
    download: {},
  },
})
