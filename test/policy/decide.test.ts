// Covers shared/policy/permit.ts too.
import * as fc from 'fast-check'
import { Refusal } from '../../shared/errors'
import { decide } from '../../shared/policy/decide'
import type { CallerRequest } from '../../shared/rules/requests'
import { RUNS } from '../support/runs'
import { ALICE, CONTEXT, NOW, PUT, refusal, STS, withRule } from './support/example'

describe('allow', () => {
  const rule = { key: 'a/{sub}/{path}', upload: {} }

  test('sees caller and wish, and may take its time', async () => {
    const allow = jest.fn(async () => true)
    await decide(ALICE, PUT, withRule({ ...rule, allow }))
    expect(allow).toHaveBeenCalledWith(ALICE, PUT)
  })

  test('refuses a caller whose claims do not do', async () => {
    const caller = { sub: 'bob', claims: {} }
    expect((await refusal(STS, CONTEXT, caller as never)).reason).toBe('caller_not_allowed')
  })

  test.each([false, undefined, null, 1, 'true', {}, []])(
    'refuses when it says %j',
    async (answer) => {
      const context = withRule({ ...rule, allow: () => answer as never })
      expect((await refusal(PUT, context)).reason).toBe('caller_not_allowed')
    },
  )

  test('refuses when it fails, and keeps the cause', async () => {
    const cause = new Error('no database')
    for (const allow of [
      () => Promise.reject(cause),
      () => {
        throw cause
      },
    ]) {
      expect(await refusal(PUT, withRule({ ...rule, allow }))).toMatchObject({
        reason: 'allow_failed',
        cause,
      })
    }
  })
})

test.each(['nothing', '', '__proto__', 'constructor', 'Avatar'])(
  'there is no rule %j',
  async (rule) => {
    expect((await refusal({ ...PUT, rule })).reason).toBe('rule_unknown')
  },
)

test('every wish comes to a grant below the own prefix, or to a refusal', async () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a.png', 'avatar', '..'))
  const rule = fc.constantFrom('avatar', 'documents', 'none')
  const wish = fc.oneof(
    fc.record({
      operation: fc.constantFrom('put', 'form'),
      rule,
      filename: text,
      contentType: fc.oneof(text, fc.constantFrom('image/png', 'application/pdf')),
      contentLength: fc.integer({ min: -1, max: 2 ** 40 }),
    }),
    fc.record({
      operation: fc.constantFrom('get', 'head'),
      rule,
      key: fc.oneof(
        text,
        fc.string().map((tail) => `documents/alice/${tail}`),
      ),
      downloadName: text,
    }),
    fc.record({ operation: fc.constant('list'), rule, path: text }),
    fc.record({
      operation: fc.constant('sts'),
      rule,
      access: fc.constantFrom('read', 'write', 'read-write'),
      durationSeconds: fc.integer({ min: 900, max: 5000 }),
    }),
  )
  await fc.assert(
    fc.asyncProperty(wish, async (wish) => {
      try {
        const grant = await decide(ALICE, wish as CallerRequest, CONTEXT)
        const place = 'prefix' in grant ? grant.prefix : grant.key
        expect(place).toMatch(/^(avatars|documents)\/alice\//)
        expect(grant.expiresAt).toBeLessThanOrEqual(NOW + 3600)
      } catch (error) {
        expect(error).toBeInstanceOf(Refusal)
      }
    }),
    { numRuns: RUNS },
  )
})
