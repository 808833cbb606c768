import type { PolicyDocument } from '../../../local/ram/types'
import { allow, ask, BUCKET, NOW, post, ROOT, session } from './support/cloud'
import { ACL, ALL, deny, outcome, POLICY, SESSION, shareObjects } from './support/permissions'
import { formV4, type Signer } from './support/sign'

const { cloud, get } = shareObjects()

describe('a session', () => {
  const mine = `acs:oss:*:*:${BUCKET}/mine/*`

  it('may do what its role and its own policy both allow', async () => {
    const signer = session(cloud(), ALL, allow(['oss:GetObject'], [mine]))
    expect((await get('mine/a', signer)).text).toBe('mine/a')
    expect(outcome(await get('yours/a', signer))).toEqual(SESSION)
    const put = await ask(cloud(), { method: 'PUT', key: 'mine/b' }, 'x', signer)
    expect(outcome(put)).toEqual(SESSION)
  })

  it('gains nothing from its own policy', async () => {
    const signer = session(cloud(), allow(['oss:GetObject'], [mine]), ALL)
    expect((await get('mine/a', signer)).status).toBe(200)
    expect(outcome(await get('yours/a', signer))).toEqual(ACL)
  })

  it('is stopped by a Deny on either side', async () => {
    const role = session(cloud(), deny('oss:GetObject', mine))
    expect(outcome(await get('mine/a', role))).toEqual(POLICY)
    expect((await get('yours/a', role)).status).toBe(200)
    const own = session(cloud(), ALL, deny('oss:GetObject', mine))
    expect(outcome(await get('mine/a', own))).toEqual(SESSION)
  })

  it('lists by prefix only where its policy says so', async () => {
    const policy: PolicyDocument = {
      Version: '1',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['oss:ListObjects'],
          Resource: [`acs:oss:*:*:${BUCKET}`],
          Condition: { StringLike: { 'oss:Prefix': ['mine/', 'mine/*'] } },
        },
      ],
    }
    const signer = session(cloud(), ALL, policy)
    expect((await get('', signer, { prefix: 'mine/' })).status).toBe(200)
    expect((await get('', signer, { 'list-type': '2', prefix: 'mine/x' })).status).toBe(200)
    expect(outcome(await get('', signer, { prefix: 'yours/' }))).toEqual(SESSION)
    expect(outcome(await get('', signer))).toEqual(SESSION)
  })

  it.each([
    ['acs:SourceIp', 'IpAddress', '127.0.0.1', '10.0.0.0/8'],
    ['acs:SecureTransport', 'Bool', 'false', 'true'],
    ['acs:UserAgent', 'StringEquals', 'tester', 'other'],
    ['acs:CurrentTime', 'DateLessThan', '2024-01-01T00:00:00Z', '2023-01-01T00:00:00Z'],
    ['acs:MFAPresent', 'Bool', 'false', 'true'],
    ['acs:AccessId', 'StringLike', 'STS.*', 'local-*'],
    ['oss:x-oss-object-acl', 'StringEquals', 'private', 'public-read'],
    ['oss:RequestObjectTag/k', 'StringEquals', 'v', 'w'],
  ])('is judged by %s', async (key, operator, good, bad) => {
    const put = (value: string) => {
      const statement = { Effect: 'Allow' as const, Action: 'oss:*', Resource: '*' }
      const policy: PolicyDocument = {
        Version: '1',
        Statement: [{ ...statement, Condition: { [operator]: { [key]: value } } }],
      }
      const headers = {
        'user-agent': 'tester',
        'x-oss-object-acl': 'private',
        'x-oss-tagging': 'k=v',
      }
      return ask(
        cloud(),
        { method: 'PUT', key: 'judged', headers },
        'x',
        session(cloud(), ALL, policy),
      )
    }
    expect((await put(good)).status).toBe(200)
    expect(outcome(await put(bad))).toEqual(SESSION)
  })

  it.each([
    ['oss:Prefix', 'mine/', 'yours/'],
    ['oss:Delimiter', '/', '-'],
    ['oss:x-oss-acl', 'private', 'public-read'],
  ])('is judged by the %s of a request to the bucket', async (name, good, bad) => {
    const draft =
      name === 'oss:x-oss-acl'
        ? { method: 'PUT', key: '', query: { acl: '' }, headers: { 'x-oss-acl': 'private' } }
        : { method: 'GET', key: '', query: { prefix: 'mine/', delimiter: '/' } }
    const judge = (Effect: 'Allow' | 'Deny', value: string) => {
      const Condition = { StringEquals: { [name]: value } }
      const statement = { Effect, Action: 'oss:*', Resource: '*', Condition }
      const all = Effect === 'Deny' ? ALL.Statement : []
      const policy: PolicyDocument = { Version: '1', Statement: [...all, statement] }
      return ask(cloud(), draft, '', session(cloud(), ALL, policy))
    }
    expect((await judge('Allow', good)).status).toBe(200)
    expect(outcome(await judge('Allow', bad))).toEqual(SESSION)
    expect(outcome(await judge('Deny', good))).toEqual(SESSION)
    expect((await judge('Deny', bad)).status).toBe(200)
  })

  it.each(['acs:SourceVpc', 'oss:BucketTag/k'])('never has a value of %s', async (name) => {
    const judge = (operator: string) => {
      const Condition = { [operator]: { [name]: '*' } }
      const statement = { Effect: 'Allow' as const, Action: 'oss:*', Resource: '*', Condition }
      const policy: PolicyDocument = { Version: '1', Statement: [statement] }
      return get('open', session(cloud(), ALL, policy))
    }
    expect(outcome(await judge('StringLike'))).toEqual(SESSION)
    expect((await judge('StringNotLike')).status).toBe(200)
  })

  it('is judged by the tags that PutObjectTagging brings', async () => {
    const tag = (value: string, signer: Signer) =>
      ask(
        cloud(),
        { method: 'PUT', key: 'open', query: { tagging: '' } },
        `<Tagging><TagSet><Tag><Key>k</Key><Value>${value}</Value></Tag></TagSet></Tagging>`,
        signer,
      )
    const Condition = { StringEquals: { 'oss:RequestObjectTag/k': 'v' } }
    const only = allow(['oss:PutObjectTagging'], ['*'])
    for (const statement of only.Statement) statement.Condition = Condition
    expect((await tag('v', session(cloud(), ALL, only))).status).toBe(200)
    expect(outcome(await tag('w', session(cloud(), ALL, only)))).toEqual(SESSION)
    const denied = session(cloud(), deny('oss:PutObjectTagging', '*', { Condition }))
    expect(outcome(await tag('v', denied))).toEqual(POLICY)
    expect((await tag('w', denied)).status).toBe(200)
  })

  it('is judged by the tags of an object that is there', async () => {
    await ask(cloud(), { method: 'PUT', key: 'tagged', headers: { 'x-oss-tagging': 'k=v' } }, 'x')
    const policy = (value: string): PolicyDocument => ({
      Version: '1',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'oss:GetObject',
          Resource: '*',
          Condition: { StringEquals: { 'oss:ExistingObjectTag/k': value } },
        },
      ],
    })
    expect((await get('tagged', session(cloud(), ALL, policy('v')))).status).toBe(200)
    expect((await get('tagged', session(cloud(), ALL, policy('w')))).status).toBe(403)
  })

  const needs: [
    string,
    Record<string, string>,
    Record<string, string>,
    string,
    string,
    string[],
  ][] = [
    ['PUT', {}, {}, 'n', 'x', ['oss:PutObject']],
    ['PUT', {}, { 'x-oss-tagging': 'a=b' }, 'n', 'x', ['oss:PutObject', 'oss:PutObjectTagging']],
    ['GET', {}, {}, 'open', '', ['oss:GetObject']],
    ['HEAD', {}, {}, 'open', '', ['oss:GetObject']],
    ['DELETE', {}, {}, 'nothing', '', ['oss:DeleteObject']],
    ['POST', { uploads: '' }, {}, 'n', '', ['oss:PutObject']],
    ['POST', { append: '', position: '0' }, {}, 'appended', 'x', ['oss:PutObject']],
    ['PUT', { acl: '' }, { 'x-oss-object-acl': 'private' }, 'closed', '', ['oss:PutObjectAcl']],
    ['GET', { acl: '' }, {}, 'open', '', ['oss:GetObjectAcl']],
    ['GET', { tagging: '' }, {}, 'open', '', ['oss:GetObjectTagging']],
    [
      'PUT',
      {},
      { 'x-oss-copy-source': `/${BUCKET}/open` },
      'copied',
      '',
      ['oss:GetObject', 'oss:PutObject'],
    ],
    ['GET', { uploads: '' }, {}, '', '', ['oss:ListMultipartUploads']],
    ['GET', { bucketInfo: '' }, {}, '', '', ['oss:GetBucketInfo']],
    ['GET', { location: '' }, {}, '', '', ['oss:GetBucketLocation']],
    ['GET', { cors: '' }, {}, '', '', ['oss:GetBucketCors']],
  ]
  it.each(needs)(
    'needs for %s %j %j its very rights',
    async (method, query, headers, key, body, actions) => {
      const draft = { method, key, query, headers }
      const all = await ask(cloud(), draft, body, session(cloud(), ALL, allow(actions, ['*'])))
      expect(all.status).toBeLessThan(300)
      for (const missing of actions) {
        const rest = actions.filter((action) => action !== missing)
        const signer = session(cloud(), ALL, allow(['oss:Nothing', ...rest], ['*']))
        expect((await ask(cloud(), draft, body, signer)).code).toBe('AccessDenied')
      }
    },
  )

  it('needs the right to delete each of many', async () => {
    const body = `<Delete><Object><Key>mine/x</Key></Object><Object><Key>yours/a</Key></Object></Delete>`
    const draft = { method: 'POST', key: '', query: { delete: '' } }
    const signer = session(cloud(), ALL, allow(['oss:DeleteObject'], [mine]))
    expect(outcome(await ask(cloud(), draft, body, signer))).toEqual(SESSION)
    expect((await get('yours/a', ROOT)).status).toBe(200)
    const own = await ask(cloud(), draft, body.replace('yours/a', 'mine/y'), signer)
    expect(own.status).toBe(200)
  })

  it('sees only its own prefix through another key with a colon or a wildcard in it', async () => {
    const signer = session(cloud(), ALL, allow(['oss:*'], [mine]))
    for (const key of ['yours/mine/a', 'x:demo-bkt/mine/a', '*', 'mine']) {
      expect((await get(key, signer)).code).toBe('AccessDenied')
    }
  })
})

it('judges a form by the fields that stand for headers', async () => {
  const policy: PolicyDocument = {
    Version: '1',
    Statement: [
      { Effect: 'Allow', Action: 'oss:PutObject', Resource: '*' },
      {
        Effect: 'Deny',
        Action: 'oss:PutObject',
        Resource: '*',
        Condition: { StringEquals: { 'oss:x-oss-object-acl': 'public-read' } },
      },
    ],
  }
  const signer = session(cloud(), ALL, policy)
  const form = (acl: string) =>
    formV4(
      {
        fields: [
          ['key', 'f'],
          ['x-oss-object-acl', acl],
        ],
        conditions: [{ bucket: BUCKET }],
      },
      signer,
      NOW,
    )
  expect((await post(cloud(), form('private'), { content: 'x' })).status).toBe(204)
  expect((await post(cloud(), form('public-read'), { content: 'x' })).code).toBe('AccessDenied')
})
