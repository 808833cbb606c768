import type { OssAccess } from '../../../shared/callback/stored-object'
import type { OutgoingRequest, Send } from '../../../shared/http/message'

const DATE = 'Tue, 14 Nov 2023 22:13:20 GMT'
const OWED = '.oss-direct/owed/'

/** A bucket in memory that does with markers what OSS does, and what was asked of it. */
export function openBucket() {
  const objects = new Map<string, string>()
  const asked: string[] = []
  const sizes: number[] = []
  const send: Send = async (request) => {
    const { pathname, searchParams } = new URL(request.url)
    const key = decodeURIComponent(pathname.slice(1))
    asked.push(
      `${request.method} ${key.replace('.oss-direct/', '').replace(/[0-9a-f]{64}$/, 'id')}`,
    )
    const { status, body } = key === '' ? list(searchParams) : store(key, request)
    sizes.push(Buffer.byteLength(body))
    await new Promise(setImmediate)
    const headers = { date: DATE, 'last-modified': DATE }
    return { status, headers, body: Buffer.from(body) }
  }
  function list(query: URLSearchParams) {
    const after = Buffer.from(query.get('continuation-token') ?? '', 'base64').toString()
    const max = Number(query.get('max-keys'))
    const all = [...objects.keys()].sort().filter((key) => key.startsWith(OWED) && key > after)
    const page = all.slice(0, max)
    const last = Buffer.from(page.at(-1) ?? '').toString('base64')
    const keys = page.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')
    const next = all.length > max ? `<NextContinuationToken>${last}</NextContinuationToken>` : ''
    return { status: 200, body: `<ListBucketResult>${next}${keys}</ListBucketResult>` }
  }
  function store(key: string, { method, headers = {}, body = '' }: OutgoingRequest) {
    const stored = objects.get(key)
    if (method === 'GET') return { status: stored === undefined ? 404 : 200, body: stored ?? '' }
    if (method === 'DELETE') objects.delete(key)
    if (method === 'DELETE') return { status: 204, body: '' }
    if (stored !== undefined && headers['x-oss-forbid-overwrite'] === 'true') {
      return { status: 409, body: '' }
    }
    objects.set(key, String(body))
    return { status: 200, body: '' }
  }
  return { objects, asked, sizes, access: accessBy(send) }
}

/** The access of a function to this bucket. */
export function accessBy(send: Send): OssAccess {
  return {
    target: {
      bucket: 'demo-bkt',
      region: 'cn-hangzhou',
      endpoint: 'https://oss-cn-hangzhou-internal.aliyuncs.com',
      addressing: 'virtual-hosted',
    },
    credentials: { accessKeyId: 'STS.a', accessKeySecret: 's', securityToken: 't' },
    now: 1_700_000_000,
    send,
  }
}
