import { defineRules } from '../../../shared/rules/rules'

/** A rule whose hooks say that they ran. */
export default defineRules({
  notes: {
    key: 'notes/{sub}/{path}',
    upload: {
      onUploaded: ({ key, sub }, id) => console.log(`told of ${key} by ${sub} as ${id}`),
      respond: ({ size }) => ({ thanks: `for ${size} bytes`, status: 'changed' }),
    },
    download: {},
  },
})
