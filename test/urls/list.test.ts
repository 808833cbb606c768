// Covers shared/policy/permit-list.ts too.
import type { ListRequest } from '../../shared/rules/requests'
import { signUrl, type UrlInput } from '../../shared/signing/url'
import { signList } from '../../shared/urls/list'
import { refusalOf } from '../support/reason'
import { ALICE, CONTEXT, NOW } from './support/example'

const LIST: ListRequest = { operation: 'list', rule: 'folders' }
const INPUT: UrlInput = {
  method: 'GET',
  target: CONTEXT.target,
  key: '',
  query: { 'list-type': '2', prefix: 'folders/alice/', delimiter: '/', 'max-keys': '100' },
  credentials: CONTEXT.credentials,
  now: NOW,
  expiresSeconds: 60,
}

function list(change: Partial<ListRequest> = {}, context = CONTEXT) {
  return signList(ALICE, { ...LIST, ...change }, context)
}

it('lists the first hundred entries of the caller’s own folder', async () => {
  expect(await list()).toEqual({
    ...signUrl(INPUT),
    prefix: 'folders/alice/',
    expiresAt: '2023-11-14T22:14:20Z',
  })
})

it('lists a folder below it, from an entry on, as many as are asked for', async () => {
  const query = { ...INPUT.query, prefix: 'folders/alice/2023/', 'max-keys': '1000' }
  const expected = signUrl({ ...INPUT, query: { ...query, 'continuation-token': 'Cg==' } })
  expect(await list({ path: '2023', after: 'Cg==', limit: 1000 })).toMatchObject({
    ...expected,
    prefix: 'folders/alice/2023/',
  })
})

it('is of version 4 even where the settings ask for version 1, which binds no prefix', async () => {
  expect(await list({}, { ...CONTEXT, signatureVersion: 'v1' })).toMatchObject(signUrl(INPUT))
})

it('is for the bucket of the rule, where it names one', async () => {
  const { url } = await list({ rule: 'elsewhere' })
  expect(new URL(url).host).toBe('other-bkt.oss-cn-hangzhou.aliyuncs.com')
})

it('is refused where the rule lists nothing', async () => {
  const refusal = await refusalOf(() => list({ rule: 'notes' }))
  expect(refusal.reason).toBe('operation_not_allowed')
})
