import { ask, shareCloud } from './support/cloud'

const cloud = shareCloud({})
afterEach(() => cloud().setFaults([]))

const rule = (inner: string) => `<Rule><Status>Enabled</Status>${inner}</Rule>`
const MARKERS = rule('<ID>a</ID><Prefix>m/</Prefix><Expiration><Days>30</Days></Expiration>')
const PARTS = rule('<Prefix></Prefix><AbortMultipartUpload><Days>7</Days></AbortMultipartUpload>')
const set = (...rules: string[]) =>
  ask(
    cloud(),
    { method: 'PUT', key: '', query: { lifecycle: '' } },
    `<LifecycleConfiguration>${rules.join('')}</LifecycleConfiguration>`,
  )
const get = () => ask(cloud(), { method: 'GET', key: '', query: { lifecycle: '' } })

it('shows its rules, and forgets them', async () => {
  const before = await get()
  expect([before.status, before.code]).toEqual([404, 'NoSuchLifecycle'])
  expect((await set(MARKERS, PARTS)).status).toBe(200)
  const shown = await get()
  expect(shown.text).toContain(
    '<ID>a</ID><Prefix>m/</Prefix><Status>Enabled</Status><Expiration><Days>30</Days></Expiration>',
  )
  expect(shown.text).toContain('<AbortMultipartUpload><Days>7</Days></AbortMultipartUpload>')
  const gone = await ask(cloud(), { method: 'DELETE', key: '', query: { lifecycle: '' } })
  expect([gone.status, (await get()).status]).toEqual([204, 404])
})

it.each([
  ['no rule', []],
  ['two rules of one prefix', [MARKERS, MARKERS]],
  ['a rule that does nothing', [rule('<Prefix>m/</Prefix>')]],
  ['a rule of no days', [rule('<Expiration><Days>0</Days></Expiration>')]],
  ['another status', [MARKERS.replace('Enabled', 'On')]],
])('refuses %s', async (_, rules) => {
  const reply = await set(...rules)
  expect([reply.status, reply.code]).toEqual([400, 'MalformedXML'])
})

it('was never versioned, unless a fault says so', async () => {
  const versioning = { method: 'GET', key: '', query: { versioning: '' } }
  const once = { method: 'PUT', key: 'v', headers: { 'x-oss-forbid-overwrite': 'true' } }
  expect((await ask(cloud(), versioning)).text).not.toContain('<Status>')
  expect((await ask(cloud(), once, 'x')).headers['x-oss-version-id']).toBeUndefined()
  expect((await ask(cloud(), once, 'x')).status).toBe(409)
  cloud().setFaults([{ match: {}, respond: 'versioned' }])
  expect((await ask(cloud(), versioning)).text).toContain('<Status>Suspended</Status>')
  const again = await ask(cloud(), once, 'x')
  expect([again.status, again.headers['x-oss-version-id']]).toEqual([200, 'null'])
  expect(
    (await ask(cloud(), { method: 'GET', key: 'v' })).headers['x-oss-version-id'],
  ).toBeUndefined()
})
