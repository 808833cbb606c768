import OSS from 'ali-oss'
import { BUCKET, ROOT, startCloud } from './support/cloud'

// The published types of these methods are missing or wrong.
type Administrator = Omit<OSS, 'listBuckets'> & {
  listBuckets: (query: object) => Promise<{ buckets: { name: string }[] }>
  putObjectTagging: (name: string, tags: Record<string, string>) => Promise<unknown>
  getObjectTagging: (name: string) => Promise<{ tag: Record<string, string> }>
}

it('is administered by ali-oss', async () => {
  const live = await startCloud({ now: Date.now })
  const oss: Administrator = new OSS({
    region: 'oss-cn-hangzhou',
    endpoint: live.url,
    sldEnable: true,
    bucket: BUCKET,
    accessKeyId: ROOT.id,
    accessKeySecret: ROOT.secret,
    authorizationV4: true,
  } as OSS.Options) as unknown as Administrator
  await oss.putBucket('by-client')
  expect((await oss.listBuckets({})).buckets.map(({ name }: { name: string }) => name)).toEqual([
    'by-client',
    BUCKET,
  ])
  expect((await oss.getBucketInfo('by-client')).bucket.Name).toBe('by-client')
  await oss.deleteBucket('by-client')
  await oss.putBucketCORS(BUCKET, [{ allowedOrigin: 'https://a.example', allowedMethod: 'GET' }])
  expect((await oss.getBucketCORS(BUCKET)).rules).toMatchObject([
    { allowedOrigin: 'https://a.example' },
  ])
  await oss.put('o', Buffer.from('hello'))
  await oss.copy('p', 'o')
  await oss.putACL('p', 'private')
  expect((await oss.getACL('p')).acl).toBe('private')
  await oss.putObjectTagging('p', { a: 'b' })
  expect((await oss.getObjectTagging('p')).tag).toEqual({ a: 'b' })
  expect((await oss.append('q', Buffer.from('x'))).nextAppendPosition).toBe('1')
  expect((await oss.deleteMulti(['o', 'p', 'q'])).deleted?.length).toBe(3)
  await live.close()
})
