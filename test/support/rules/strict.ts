import { defineRules } from '../../../shared/rules/rules'

/** Rules whose uploads by STS credentials must send headers: the ACL to be stored, the others to be proven. */
export default defineRules({
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
})
