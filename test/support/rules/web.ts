import { defineRules, KiB } from '../../../shared/rules/rules'

/** Rules for Alibaba's web samples and their copies: as they are, and with every limit kept. */
export default defineRules({
  web: {
    key: 'web/{sub}/{path}',
    upload: {
      contentTypes: ['image/png', 'text/plain'],
      maxBytes: 1024 * KiB,
      overwrite: true,
      mechanisms: ['form', 'url'],
      unenforced: { form: ['name', 'contentType', 'acl', 'headers'] },
    },
  },
  kept: {
    key: 'kept/{sub}/{path}',
    upload: { contentTypes: ['image/*'], maxBytes: 1024 * KiB },
  },
  single: {
    key: 'single/{sub}/{path}',
    upload: {
      overwrite: true,
      once: true,
      unenforced: { form: ['name', 'contentType', 'acl', 'headers'] },
    },
  },
  named: {
    key: 'named/{sub}/{uuid}.{ext}',
    upload: {
      contentTypes: ['image/*'],
      overwrite: true,
      unenforced: { form: ['name', 'key', 'contentType', 'acl', 'headers', 'callback'] },
    },
  },
})
