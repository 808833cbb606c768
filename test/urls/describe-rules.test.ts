import type { Caller } from '../../shared/auth/caller'
import type { AllowRequest } from '../../shared/rules/requests'
import { defineRules } from '../../shared/rules/rules'
import { describeRules } from '../../shared/urls/describe-rules'

const SECRET = 'only the team of the secret project'
const alice = { sub: 'alice', claims: { plan: 'pro' } } as unknown as Caller
const bob = { sub: 'bob', claims: {} } as unknown as Caller

const asked: AllowRequest[] = []
const rules = defineRules({
  plain: { key: 'plain/{sub}/{path}', upload: {}, download: {} },
  full: {
    key: 'folder-that-nobody-is-told/{sub}/{path}',
    bucket: 'other-bucket',
    upload: {
      contentTypes: ['image/*', 'text/plain'],
      minBytes: 1,
      maxBytes: 9,
      ttlSeconds: 60,
      overwrite: true,
      mechanisms: ['url'],
      contentMd5: 'required',
      metadata: { title: 20 },
    },
  },
  pro: {
    allow: async ({ claims }, request) => asked.push(request) > 0 && claims.plan === 'pro',
    key: 'pro/{sub}/{path}',
    download: { as: 'inline', styles: ['thumb'], ttlSeconds: 30 },
  },
  broken: {
    allow: (_, request) => {
      if (!('contentType' in request)) throw new Error(SECRET)
      return true
    },
    key: 'broken/{sub}/{path}',
    upload: {},
  },
})

const namesFor = async (caller: Caller) =>
  (await describeRules(caller, { rules })).rules.map(({ name }) => name)

describe('the rules that a caller may use', () => {
  it('are those whose `allow` says so, in their order', async () => {
    expect(await namesFor(alice)).toEqual(['plain', 'full', 'pro'])
    expect(await namesFor(bob)).toEqual(['plain', 'full'])
    expect(asked[0]).toEqual({ operation: 'rules', rule: 'pro' })
  })

  it('are described by types, limits, mechanisms and lifetimes', async () => {
    const described = await describeRules(alice, { rules })
    expect(described.rules).toEqual([
      {
        name: 'plain',
        upload: {
          mechanisms: ['form', 'url'],
          contentTypes: ['*/*'],
          ttlSeconds: 900,
          overwrite: false,
          multipart: true,
          needsMd5: false,
          metadata: {},
        },
        download: { mechanisms: ['url'], ttlSeconds: 900, styles: [] },
      },
      {
        name: 'full',
        upload: {
          mechanisms: ['url'],
          contentTypes: ['image/*', 'text/plain'],
          minBytes: 1,
          maxBytes: 9,
          ttlSeconds: 60,
          overwrite: true,
          multipart: false,
          needsMd5: true,
          metadata: { title: 20 },
        },
      },
      {
        name: 'pro',
        download: { mechanisms: ['url'], ttlSeconds: 30, as: 'inline', styles: ['thumb'] },
      },
    ])
  })

  it('say nothing of folders, buckets or what `allow` is made of', async () => {
    const text = JSON.stringify(await describeRules(alice, { rules }))
    for (const secret of ['folder-that', 'other-bucket', 'claims', 'team', '{sub}', 'private']) {
      expect(text).not.toContain(secret)
    }
  })
})
