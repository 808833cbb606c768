import { defineRules, GiB } from '../../../shared/rules/rules'

/** One rule for large files, by every mechanism that can carry them. */
export default defineRules({
  bulk: {
    key: 'bulk/{sub}/{path}',
    upload: {
      maxBytes: 4 * GiB,
      overwrite: true,
      mechanisms: ['sts', 'url'],
      unenforced: { sts: ['size', 'callback', 'acl'] },
    },
    download: {},
  },
})
