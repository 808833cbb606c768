import { defineRules } from '../../../shared/rules/rules'

/** A rule whose answer takes as long as a look into a database. */
export default defineRules({
  notes: {
    key: 'notes/{sub}/{path}',
    upload: {
      contentTypes: ['text/plain'],
      respond: () => new Promise((resolve) => setTimeout(resolve, 200, {})),
    },
  },
})
