import { createBudget } from '../../shared/budget'
import { loadEnv } from '../../shared/env/env'
import { callbackKeys, publishContext } from '../../shared/env/wiring'
import type { UploadingRule } from '../../shared/policy/owner'
import { defineRules } from '../../shared/rules/rules'
import { ENVIRONMENT } from './support/settings-example'

const rules = defineRules({ a: { key: 'a/{sub}/{uuid}', upload: {} } })
const credentials = { accessKeyId: 'STS.id', accessKeySecret: 'secret-key', securityToken: 'token' }

describe('what an instance keeps for its callbacks', () => {
  const source = loadEnv(rules, 'upload-callback', {
    environment: { ...ENVIRONMENT, LEDGER: 'memory' },
    write: () => undefined,
  })
  const [first, second] = ['1', '2'].map((requestId) => source.at({ requestId, credentials }))

  it('has one memory ledger for all requests, so that a second callback is seen to be one', () => {
    if (!first || !second) throw new Error('Two requests are made above')
    const options = {
      proven: { rule: rules.get('a') as UploadingRule },
      budget: createBudget(1000, () => 0),
      requestId: 'r',
    }
    expect(publishContext(first, options).ledger).toBe(publishContext(second, options).ledger)
  })

  it('has one set of callback keys for all requests, so that none is fetched twice', () => {
    if (!first || !second) throw new Error('Two requests are made above')
    expect(callbackKeys(first)).toBe(callbackKeys(second))
  })
})
