import { defineRules, KiB } from '../../../shared/rules/rules'

/** Narrow limits by every mechanism, and a key that STS credentials can't be held to. */
export default defineRules({
  notes: {
    key: 'notes/{sub}/{path}',
    upload: {
      contentTypes: ['text/plain'],
      minBytes: 2,
      maxBytes: 4 * KiB,
      overwrite: true,
      mechanisms: ['sts', 'url', 'form'],
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
})
