import { defineRules, KiB } from '../../../shared/rules/rules'

export default defineRules({
  notes: {
    key: 'notes/{sub}/{path}',
    upload: {
      contentTypes: ['text/plain'],
      maxBytes: 4 * KiB,
      mechanisms: ['sts', 'url', 'form'],
      unenforced: { sts: ['size', 'contentType', 'callback', 'acl', 'overwrite'] },
    },
    download: {},
  },
})
