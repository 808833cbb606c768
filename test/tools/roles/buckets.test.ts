import rules from '../../../rules'
import { defineRules } from '../../../shared/rules/rules'
import { describeBuckets } from '../../../tools/roles/buckets'

const ORIGINS = ['https://www.example.com']
const upload = { contentTypes: ['image/png'] }

it('has CORS and lifecycle rules and blocks public access', () => {
  expect(describeBuckets(rules, { bucket: 'demo-bkt', origins: ORIGINS })).toEqual({
    'demo-bkt': {
      cors: {
        CORSRule: [
          {
            AllowedOrigin: ORIGINS,
            AllowedMethod: ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'],
            AllowedHeader: '*',
            ExposeHeader: ['ETag', 'x-oss-request-id'],
            MaxAgeSeconds: 7200,
          },
        ],
        ResponseVary: true,
      },
      lifecycle: {
        Rule: [
          {
            ID: 'oss-direct-ledger',
            Prefix: '.oss-direct/uploads/',
            Status: 'Enabled',
            Expiration: { Days: 30 },
          },
          {
            ID: 'oss-direct-parts',
            Prefix: '',
            Status: 'Enabled',
            AbortMultipartUpload: { Days: 7 },
          },
        ],
      },
      blocksPublicAccess: true,
    },
  })
})

it('has a bucket for each that the rules name, the ledger in the first alone', () => {
  const own = defineRules({
    one: { key: 'a/{sub}/{uuid}', upload },
    two: { key: 'b/{sub}/{uuid}', bucket: 'own-bkt', upload },
  })
  const buckets = describeBuckets(own, { bucket: 'demo-bkt', origins: ['*'] })
  const ids = Object.entries(buckets).map(([name, { lifecycle }]) => [
    name,
    lifecycle.Rule.map(({ ID }) => ID),
  ])
  expect(ids).toEqual([
    ['demo-bkt', ['oss-direct-ledger', 'oss-direct-parts']],
    ['own-bkt', ['oss-direct-parts']],
  ])
})

it('lets pages delete only where a rule removes', () => {
  const own = defineRules({ a: { key: 'a/{sub}/{uuid}', upload } })
  const { 'demo-bkt': bucket } = describeBuckets(own, { bucket: 'demo-bkt', origins: ['*'] })
  expect(bucket?.cors.CORSRule[0]?.AllowedMethod).not.toContain('DELETE')
  expect(bucket?.cors.ResponseVary).toBe(false)
})

it('blocks no public access to a bucket whose rule stores objects for everyone, which OSS would refuse', () => {
  const own = defineRules({
    one: { key: 'a/{sub}/{uuid}', upload: { ...upload, acl: 'public-read' } },
    two: { key: 'b/{sub}/{uuid}', bucket: 'own-bkt', upload },
  })
  const buckets = describeBuckets(own, { bucket: 'demo-bkt', origins: ['*'] })
  expect(buckets['demo-bkt']?.blocksPublicAccess).toBe(false)
  expect(buckets['own-bkt']?.blocksPublicAccess).toBe(true)
})
