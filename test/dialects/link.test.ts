import { toLink } from '../../shared/dialects/link'
import { TARGET, UPLOAD } from './support/lent'

const INPUT = {
  ticket: 'a.b.c',
  expiresAt: 1_700_003_600,
  now: 1_700_000_000,
  target: TARGET,
  prefix: 'media/alice/',
  callbackUrl: 'https://api.example.com/v1/upload-callback',
}
const READING = {
  url: 'https://api.example.com/v1/sts?ticket=a.b.c',
  expiresAt: '2023-11-14T23:13:20Z',
  bucket: 'demo-bkt',
  region: 'cn-hangzhou',
  endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
  prefix: 'media/alice/',
  serverTime: '2023-11-14T22:13:20Z',
}

it('is next to the callback, and says what its credentials are for', () => {
  expect(toLink(INPUT)).toEqual(READING)
})

it('has headers and callback for uploads', () => {
  expect(toLink({ ...INPUT, ...UPLOAD })).toEqual({ ...READING, ...UPLOAD })
})
