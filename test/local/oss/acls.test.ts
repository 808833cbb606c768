import { allow, ask, BUCKET, post, send, session } from './support/cloud'
import { ACL, ALL, deny, outcome, POLICY, SESSION, shareObjects } from './support/permissions'

const { cloud, get } = shareObjects()

describe('nobody in particular', () => {
  const anonymous = (method: string, path: string, body = '', headers = {}) =>
    send(cloud(), { method, path: `/${BUCKET}${path}`, headers }, body)

  async function setBucketAcl(acl: string): Promise<void> {
    const reply = await ask(cloud(), {
      method: 'PUT',
      key: '',
      query: { acl: '' },
      headers: { 'x-oss-acl': acl },
    })
    expect(reply.status).toBe(200)
  }

  beforeAll(() =>
    ask(
      cloud(),
      { method: 'PUT', key: 'closed', headers: { 'x-oss-object-acl': 'private' } },
      'closed',
    ),
  )

  it('may do nothing in a private bucket', async () => {
    expect(outcome(await anonymous('GET', '/open'))).toEqual(ACL)
    expect(outcome(await anonymous('HEAD', '/open'))).toEqual(ACL)
    expect(outcome(await anonymous('PUT', '/new', 'x'))).toEqual(ACL)
    expect(outcome(await anonymous('GET', ''))).toEqual([
      403,
      'AccessDenied',
      undefined,
      'Anonymous user has no right to access this bucket.',
    ])
    expect(outcome(await anonymous('GET', '?bucketInfo')).slice(0, 3)).toEqual([
      403,
      'AccessDenied',
      '0003-00001201',
    ])
    expect(outcome(await send(cloud(), { method: 'GET', path: '/', headers: {} }))[2]).toBe(
      '0003-00001201',
    )
  })

  it('may read a public object of a private bucket', async () => {
    const acl = { 'x-oss-object-acl': 'public-read' }
    await ask(cloud(), { method: 'PUT', key: 'public', headers: acl }, 'public')
    expect((await anonymous('GET', '/public')).text).toBe('public')
    expect((await anonymous('PUT', '/public', 'x')).status).toBe(403)
    await ask(cloud(), {
      method: 'PUT',
      key: 'public',
      query: { acl: '' },
      headers: { 'x-oss-object-acl': 'default' },
    })
    expect((await anonymous('GET', '/public')).status).toBe(403)
  })

  it('may read and list a public-read bucket, but not a private object in it', async () => {
    await setBucketAcl('public-read')
    expect((await anonymous('GET', '/open')).text).toBe('open')
    expect((await anonymous('GET', '?prefix=op')).text).toContain('<Key>open</Key>')
    expect(outcome(await anonymous('GET', '/closed'))).toEqual([
      403,
      'AccessDenied',
      undefined,
      'Anonymous user has no right to access this object.',
    ])
    expect((await anonymous('PUT', '/new', 'x')).status).toBe(403)
    expect((await anonymous('DELETE', '/open')).status).toBe(403)
    expect((await anonymous('GET', '/open?acl')).status).toBe(403)
    await setBucketAcl('private')
  })

  it('may write to a public-read-write bucket, by PUT and by form', async () => {
    await setBucketAcl('public-read-write')
    expect((await anonymous('PUT', '/anyone', 'x')).status).toBe(200)
    expect((await post(cloud(), [['key', 'anyone']], { content: 'y' })).status).toBe(204)
    expect((await anonymous('GET', '/anyone')).text).toBe('y')
    expect((await anonymous('DELETE', '/anyone')).status).toBe(204)
    expect((await anonymous('PUT', '?cors', '<a/>')).status).toBe(403)
    await setBucketAcl('private')
  })

  it('may not override response headers', async () => {
    await setBucketAcl('public-read')
    const reply = await anonymous('GET', '/open?response-content-type=text%2Fhtml')
    expect(outcome(reply)).toEqual([
      400,
      'InvalidRequest',
      undefined,
      'Request specific response headers cannot be used for anonymous GET requests.',
    ])
    await setBucketAcl('private')
  })

  it('is as good as a user whose policies are silent, and better than one who is denied', async () => {
    expect(outcome(await get('open', session(cloud(), allow(['oss:Nothing'], ['*']))))).toEqual(ACL)
    await setBucketAcl('public-read')
    expect((await get('open', session(cloud(), allow(['oss:Nothing'], ['*'])))).status).toBe(200)
    expect(outcome(await get('open', session(cloud(), deny('oss:GetObject', '*'))))).toEqual(POLICY)
    expect(
      outcome(await get('open', session(cloud(), ALL, allow(['oss:Nothing'], ['*'])))),
    ).toEqual(SESSION)
    await setBucketAcl('private')
  })
})

describe('Block Public Access', () => {
  const settings = (key: string, headers: Record<string, string>) =>
    ask(cloud(), { method: 'PUT', bucket: 'blocked-bkt', key, query: { acl: '' }, headers })
  const block = (value: string) =>
    ask(
      cloud(),
      { method: 'PUT', bucket: 'blocked-bkt', key: '', query: { publicAccessBlock: '' } },
      `<PublicAccessBlockConfiguration><BlockPublicAccess>${value}</BlockPublicAccess></PublicAccessBlockConfiguration>`,
    )

  it('lets nobody make a public bucket, nor one of an unknown ACL', async () => {
    const make = (acl: string) =>
      ask(cloud(), {
        method: 'PUT',
        bucket: 'public-bkt',
        key: '',
        headers: { 'x-oss-acl': acl },
      })
    const refused = [403, 'AccessDenied', '0016-00000901']
    expect(outcome(await make('public-read')).slice(0, 3)).toEqual(refused)
    expect(outcome(await make('default')).slice(0, 2)).toEqual([400, 'InvalidArgument'])
    expect((await make('private')).status).toBe(200)
  })

  it('is on in a bucket made through the API, until it is taken off', async () => {
    expect((await ask(cloud(), { method: 'PUT', bucket: 'blocked-bkt', key: '' })).status).toBe(200)
    await ask(cloud(), { method: 'PUT', bucket: 'blocked-bkt', key: 'k' }, 'x')
    const refused = [403, 'AccessDenied', '0016-00000901']
    expect(outcome(await settings('', { 'x-oss-acl': 'public-read' })).slice(0, 3)).toEqual(refused)
    expect(outcome(await settings('k', { 'x-oss-object-acl': 'public-read' })).slice(0, 3)).toEqual(
      refused,
    )
    const put = {
      method: 'PUT',
      bucket: 'blocked-bkt',
      key: 'p',
      headers: { 'x-oss-object-acl': 'public-read' },
    }
    expect(outcome(await ask(cloud(), put, 'x')).slice(0, 3)).toEqual(refused)
    expect((await block('false')).status).toBe(200)
    expect((await settings('k', { 'x-oss-object-acl': 'public-read' })).status).toBe(200)
    const path = '/blocked-bkt/k'
    expect((await send(cloud(), { method: 'GET', path, headers: {} })).status).toBe(200)
    expect((await block('true')).status).toBe(200)
    expect((await send(cloud(), { method: 'GET', path, headers: {} })).status).toBe(403)
    const query = { publicAccessBlock: '' }
    const shown = await ask(cloud(), { method: 'GET', bucket: 'blocked-bkt', key: '', query })
    expect(shown.text).toContain('<BlockPublicAccess>true</BlockPublicAccess>')
    expect(
      (await ask(cloud(), { method: 'DELETE', bucket: 'blocked-bkt', key: '', query })).status,
    ).toBe(204)
    expect((await block('maybe')).status).toBe(400)
  })
})
