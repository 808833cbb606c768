import * as fc from 'fast-check'
import { formFields, formPolicy } from '../../shared/policy/form-policy'
import type { UploadGrant } from '../../shared/policy/grant'
import { putHeaders } from '../../shared/policy/put-headers'
import { RUNS } from '../support/runs'

const GRANT: UploadGrant = {
  kind: 'upload',
  mechanism: 'form',
  rule: 'avatar',
  sub: 'alice',
  bucket: 'demo-bkt',
  key: 'avatars/alice/x 1+2 "é".png',
  contentType: 'image/png',
  minBytes: 1,
  maxBytes: 5,
  overwrite: false,
  headers: { 'x-oss-object-acl': 'private', 'x-oss-storage-class': 'Standard' },
  expiresAt: 1_700_000_600,
}
const LIMITS = { bucket: 'demo-bkt', minBytes: 1, maxBytes: 5, expiresAt: 1_700_000_600 }

describe('formFields', () => {
  test('names all that the client must send', () => {
    expect(formFields(GRANT, { callback: 'eyJ9', 'x:ticket': 't' })).toEqual({
      key: GRANT.key,
      'Content-Type': 'image/png',
      'x-oss-content-type': 'image/png',
      'x-oss-forbid-overwrite': 'true',
      success_action_status: '200',
      'x-oss-object-acl': 'private',
      'x-oss-storage-class': 'Standard',
      callback: 'eyJ9',
      'x:ticket': 't',
    })
  })

  test('says that overwriting is meant', () => {
    expect(formFields({ ...GRANT, overwrite: true })).toMatchObject({
      'x-oss-forbid-overwrite': 'false',
    })
  })

  test('spells stored headers as the fields of a form', () => {
    const headers = { 'cache-control': 'no-cache', 'content-disposition': 'attachment' }
    expect(formFields({ ...GRANT, headers })).toMatchObject({
      'Cache-Control': 'no-cache',
      'Content-Disposition': 'attachment',
    })
  })
})

describe('formPolicy', () => {
  const fields = { ...formFields(GRANT), 'x-oss-date': '20231114T221320Z', 'x:ticket': '$t\\' }
  const policy = JSON.parse(formPolicy(fields, LIMITS))

  test('has the conditions of what the client chooses, and none beside', () => {
    const open = [
      ['starts-with', '$key', 'web/alice/'],
      ['in', '$Content-Type', ['image/png', 'image/gif']],
    ] as const
    const { conditions } = JSON.parse(formPolicy(fields, LIMITS, open))
    expect(conditions).toHaveLength(policy.conditions.length + 2)
    expect(conditions).toEqual(expect.arrayContaining([...policy.conditions, ...open]))
  })

  test('ends when it is said, in milliseconds of UTC', () => {
    expect(policy.expiration).toBe('2023-11-14T22:23:20.000Z')
  })

  test('pins every field to its value', () => {
    for (const [name, value] of Object.entries(fields)) {
      expect(policy.conditions).toContainEqual(['eq', `$${name}`, value])
    }
    expect(policy.conditions).toHaveLength(Object.keys(fields).length + 2)
  })

  test('holds bucket, size range and end', () => {
    expect(policy.conditions).toContainEqual({ bucket: 'demo-bkt' })
    expect(policy.conditions).toContainEqual(['content-length-range', 1, 5])
    expect(policy.expiration).toBe('2023-11-14T22:23:20.000Z')
    expect(Object.keys(policy)).toEqual(['expiration', 'conditions'])
  })

  test('is well-formed text for any value', () => {
    const hostile = { key: '"],["eq","$key","b', 'x:ticket': '\ud800\u2028' }
    expect(JSON.parse(formPolicy(hostile, LIMITS)).conditions).toContainEqual([
      'eq',
      '$key',
      '"],["eq","$key","b',
    ])
  })
})

test('a policy is the JSON text of its conditions, whatever the fields hold', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string())
  fc.assert(
    fc.property(fc.dictionary(text, text), (fields) => {
      const pins = Object.entries(fields).map(([name, value]) => ['eq', `$${name}`, value])
      expect(formPolicy(fields, LIMITS)).toBe(
        JSON.stringify({
          expiration: '2023-11-14T22:23:20.000Z',
          conditions: [{ bucket: 'demo-bkt' }, ['content-length-range', 1, 5], ...pins],
        }),
      )
    }),
    { numRuns: RUNS },
  )
})

describe('putHeaders', () => {
  test('names type, overwriting and what is stored', () => {
    expect(putHeaders(GRANT)).toEqual({
      headers: {
        'content-type': 'image/png',
        'x-oss-forbid-overwrite': 'true',
        'x-oss-object-acl': 'private',
        'x-oss-storage-class': 'Standard',
      },
      additionalHeaders: [],
    })
  })

  test('names size and MD5 when they are known, the size among the additional ones', () => {
    const { headers, additionalHeaders } = putHeaders({
      ...GRANT,
      contentLength: 0,
      contentMd5: 'm',
    })
    expect(headers).toMatchObject({ 'content-length': '0', 'content-md5': 'm' })
    expect(additionalHeaders).toEqual(['content-length'])
  })

  test('signs stored headers that OSS would not sign by itself', () => {
    const headers = { 'cache-control': 'no-cache', 'content-disposition': 'attachment' }
    expect(putHeaders({ ...GRANT, headers }).additionalHeaders).toEqual([
      'cache-control',
      'content-disposition',
    ])
  })

  test('leaves the ban on overwriting out where overwriting is meant', () => {
    expect(putHeaders({ ...GRANT, overwrite: true }).headers).not.toHaveProperty(
      'x-oss-forbid-overwrite',
    )
  })
})
