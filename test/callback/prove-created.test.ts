// Covers proveCreated in shared/callback/prove.ts.
import { defineRules } from '../../shared/rules/rules'
import { BODY } from './support/example'
import { type Change, prove, requests, runTrigger } from './support/prover'

const KEY = 'photos/alice/1.png'

describe('an object that OSS’s trigger reports', () => {
  it('is proven as OSS stores it', async () => {
    expect(await runTrigger(KEY)).toMatchObject({
      rule: { name: 'photo' },
      upload: { sub: 'alice', key: KEY, size: 5, etag: BODY.etag, proof: 'trigger' },
    })
    expect(requests).toHaveLength(1)
  })

  it('is proven as the trigger reports it, if uploads are not confirmed', async () => {
    expect(await runTrigger(KEY, { isConfirmed: false })).toMatchObject({
      upload: { sub: 'alice', key: KEY, size: 5, etag: BODY.etag },
    })
    expect(requests).toEqual([])
  })

  it('has no caller if its key contains none', async () => {
    const rules = defineRules({ common: { key: 'common/{uuid}', shared: true, upload: {} } })
    const key = 'common/0b7c1c7e-3d0e-4c57-9a30-5b8a8f0f3a11'
    const proven = await runTrigger(key, { rules })
    expect(proven).toMatchObject({ upload: { rule: 'common', key } })
    expect(proven).not.toHaveProperty('upload.sub')
  })

  it.each<[string, string, Change]>([
    ['under no rule', 'other/alice/1.png', {}],
    ['uploader_denied', KEY, { denied: 'alice' }],
    ['object_mismatch', KEY, { headStatus: 404 }],
    ['object_mismatch', KEY, { head: { etag: `"${'0'.repeat(32)}"` } }],
    ['upload_size', KEY, { head: { 'content-length': '10' } }],
    ['upload_type', KEY, { head: { 'content-type': 'text/html' } }],
    ['upload_name', 'photos/alice/a//b', {}],
  ])('is ignored for good as %s: %s %j', async (ignored, key, change) => {
    expect(await runTrigger(key, change)).toEqual({ ignored })
  })

  it('is not ignored if OSS cannot be asked now', async () => {
    const refused = { reason: 'object_unavailable' }
    await expect(runTrigger(KEY, { headStatus: 403 })).rejects.toMatchObject(refused)
  })

  it('is not ignored if the deny list cannot be read', async () => {
    const denied = new Error('The deny list could not be read')
    await expect(runTrigger(KEY, { denied })).rejects.toBe(denied)
  })
})

describe('an object whose size is fixed by its rule', () => {
  const rules = defineRules({
    photo: { key: 'photos/{sub}/{path}', upload: { minBytes: 5, maxBytes: 5 } },
  })

  it('is proven with this size, not with one byte less or more', async () => {
    expect(await prove({ rules })).toMatchObject({ size: 5 })
    for (const length of ['4', '6']) {
      const head = { 'content-length': length }
      expect(await runTrigger(KEY, { rules, head })).toEqual({ ignored: 'upload_size' })
    }
    expect(await runTrigger(KEY, { rules })).toMatchObject({ upload: { size: 5 } })
  })
})
