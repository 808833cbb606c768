// Covers shared/rules/rule-issues.ts and shared/rules/role-policy.ts: what forms of web samples give up.
import { rolePolicies } from '../../shared/rules/role-policy'
import { defineRules } from '../../shared/rules/rules'
import { issuesOf } from '../policy/support/wrong-rules'

const CONTEXT = {
  bucket: 'demo-bkt',
  accountId: '1234567890123456',
  delegateRoleArn: 'acs:ram::1234567890123456:role/oss-direct-delegate',
}

describe('what forms give up', () => {
  const upload = { mechanisms: ['form', 'url', 'sts'], overwrite: true }
  const giving = (form: string[], sts: string[] = [], key = 'files/{sub}/{path}') =>
    issuesOf({
      files: { key, upload: { ...upload, unenforced: { form, sts: ['callback', ...sts] } } },
    })

  test('is named by the rule: the name, and the shape of a key that is more than a name', () => {
    expect(giving(['contentType', 'overwrite', 'acl', 'headers'])).toEqual([])
    expect(giving(['name'], ['name'])).toEqual([])
    const shaped = 'files/{sub}/{uuid}'
    expect(giving(['name'], ['name', 'key'], shaped)).toEqual([
      "files.upload.mechanisms: form can't enforce key (url can; or accept it with unenforced: { form: ['key'] })",
    ])
    expect(giving(['name', 'key'], ['name', 'key'], shaped)).toEqual([])
  })

  test('is not the name in a folder of all callers, where a ticket would claim the objects of others', () => {
    const rule = { key: 'files/{uuid}', shared: true }
    const form = ['name', 'key']
    const issue =
      'files.upload.unenforced.form: names name, but a form for the folder of all callers could claim the objects of each (put {sub}/ into the key, or leave name out)'
    const issuesWith = (unenforced: object) =>
      issuesOf({
        files: { ...rule, upload: { mechanisms: ['form'], overwrite: true, unenforced } },
      })
    expect(issuesWith({ form })).toEqual([issue])
    expect(issuesWith({ form: ['contentType'] })).toEqual([])
  })

  test('leaves nothing to STS unseen', () => {
    expect(giving(['name'])).toEqual([
      "files.upload.mechanisms: sts can't enforce name (url can; or accept it with unenforced: { sts: ['name'] })",
    ])
  })

  test.each(['size', 'key', 'kmsKey'])('is not %s, which OSS enforces', (limit) => {
    expect(giving([limit])).toEqual([
      `files.upload.unenforced.form: names ${limit}, which OSS enforces (leave it out)`,
    ])
  })

  test('is nothing of a URL', () => {
    const rule = { key: 'files/{sub}/{path}', upload: { unenforced: { url: ['name'] } } }
    expect(issuesOf({ files: rule })).toEqual([
      'files.upload.unenforced.url: names name, which OSS enforces (leave it out)',
    ])
  })
})

test('denies other ACLs to forms that may leave theirs out, but not those of other rules there', () => {
  const upload = { mechanisms: ['form'] } as const
  const open = { ...upload, unenforced: { form: ['acl'] } } as const
  const rules = defineRules({
    one: { key: 'a/{sub}/one/{uuid}', upload: open },
    twin: { key: 'a/{sub}/two/{uuid}', upload: { ...upload, acl: 'public-read' } },
    deep: { key: 'a/b/{sub}/at/four/{uuid}', upload: { ...upload, acl: 'default' } },
    other: { key: 'b/{sub}/{path}', upload: { ...upload, acl: 'public-read-write' } },
    far: { key: 'z/{sub}/{path}', bucket: 'own-bkt', upload: open },
  })
  const denied = (resource: string, acls: string[]) => ({
    Effect: 'Deny',
    Action: ['oss:PutObject'],
    Resource: [resource],
    Condition: {
      StringLike: { 'oss:x-oss-object-acl': ['*'] },
      StringNotEquals: { 'oss:x-oss-object-acl': acls },
    },
  })
  const { Statement } = rolePolicies(rules, CONTEXT)['post-policy']
  expect(Statement.slice(1)).toEqual([
    denied('acs:oss:*:*:demo-bkt/a/*', ['default', 'private', 'public-read']),
    denied('acs:oss:*:*:own-bkt/z/*', ['private']),
  ])
})
