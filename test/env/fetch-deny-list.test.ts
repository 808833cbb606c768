import { fetchDenyList } from '../../shared/env/fetch-deny-list'
import type { OutgoingRequest } from '../../shared/http/message'

const NO_SUCH_KEY = '<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>'
const NO_SUCH_BUCKET = '<?xml version="1.0"?><Error><Code>NoSuchBucket</Code></Error>'

async function read(body: string | Buffer, status = 200) {
  const sent: OutgoingRequest[] = []
  const send = async (request: OutgoingRequest) => {
    sent.push(request)
    return { status, headers: {}, body: Buffer.from(body) }
  }
  const target = {
    bucket: 'demo-bkt',
    region: 'cn-hangzhou',
    endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
    addressing: 'virtual-hosted' as const,
  }
  const credentials = { accessKeyId: 'STS.a', accessKeySecret: 's', securityToken: 't' }
  const list = await fetchDenyList({ target, credentials, now: 1_700_000_000, send }).then(
    ({ subs, jtis }) => [[...subs], [...jtis]],
    (error: Error) => error.message,
  )
  return { list, sent }
}

it('is read from its object, with a time limit and a size limit', async () => {
  const { list, sent } = await read('{"subjects":["CN=bob,O=acme"],"tokens":["id-7"]}')
  expect(list).toEqual([['CN=bob,O=acme'], ['id-7']])
  expect(sent).toMatchObject([
    {
      method: 'GET',
      url: 'https://demo-bkt.oss-cn-hangzhou.aliyuncs.com/.oss-direct/denied.json',
      timeoutMs: 1500,
      maxBytes: 262_144,
    },
  ])
})

it.each([
  ['{}', 200],
  ['{"subjects":[]}', 200],
  [NO_SUCH_KEY, 404],
])('denies nobody by %s with status %d', async (body, status) => {
  expect((await read(body, status)).list).toEqual([[], []])
})

it.each([
  ['', 200],
  ['[]', 200],
  ['null', 200],
  ['{"subjects":"bob"}', 200],
  ['{"subjects":[7]}', 200],
  ['{"subjects":[""]}', 200],
  ['{"subject":["bob"]}', 200],
  ['{"subjects":["bob"]', 200],
  ['{"subjects":["bob"]}', 206],
  [NO_SUCH_BUCKET, 404],
  ['', 404],
  ['', 403],
  ['', 503],
])('is not read where OSS answers %j with status %d', async (body, status) => {
  const { list } = await read(body, status)
  expect(list).toMatch(/^(?:\.oss-direct\/denied\.json must be|OSS returned status \d+)/)
})
