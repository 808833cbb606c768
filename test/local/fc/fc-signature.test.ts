import { createHash } from 'node:crypto'
import FC from '@alicloud/fc2'
import fc from 'fast-check'
import type { GatewayRequest } from '../../../local/fc/event'
import { authenticateFc, fcText } from '../../../local/fc/fc-signature'
import { addRole, createAccount } from '../../../local/ram/account'
import { issueSession } from '../../../local/ram/session'

const DATE = 'Thu, 01 Jan 2026 00:00:00 GMT'
const now = Date.parse(DATE)
const account = createAccount()
const PATH = '/2023-03-30/functions/f/invocations'

function toRequest(url: string, headers: Record<string, string>, body = ''): GatewayRequest {
  const rawHeaders = Object.entries(headers).flat()
  const rest = { httpVersion: '1.1', sourceIp: '127.0.0.1', body: Buffer.from(body) }
  return { method: 'POST', url, rawHeaders, ...rest }
}

function signed(
  change: Record<string, string> = {},
  key = ['local-user-key', 'local-user-secret'],
) {
  const md5 = createHash('md5').update('event').digest('hex')
  const headers: Record<string, string> = {
    date: DATE,
    'content-type': 'application/octet-stream',
    'content-md5': Buffer.from(md5).toString('base64'),
    'x-fc-account-id': account.id,
    'x-fc-invocation-type': 'Async',
    ...change,
  }
  const [id = '', secret = ''] = key
  return { ...headers, authorization: FC.getSignature(id, secret, 'POST', PATH, headers) }
}

function verdict(headers: Record<string, string>, body = 'event', url = PATH): string {
  const result = authenticateFc(toRequest(url, headers, body), { account, now })
  return 'error' in result ? result.error.code : result.principal.kind
}

it('signs the published path as the official SDK does', () => {
  const headers = {
    'content-type': 'application/octet-stream',
    date: DATE,
    'x-fc-account-id': '1',
    'x-fc-invocation-type': 'Async',
  }
  const path = '/2016-08-15/services/s/functions/f/invocations'
  expect(fcText(toRequest(path, headers))).toBe(
    `POST\n\napplication/octet-stream\n${DATE}\nx-fc-account-id:1\nx-fc-invocation-type:Async\n${path}`,
  )
  expect(FC.getSignature('AK', 'SK', 'POST', path, headers)).toBe(
    'FC AK:auQPUzS06U8xiaHNqcrI4RxHltPXmIO+8vNCRc1Tdjo=',
  )
})

it('accepts whatever the official SDK signs', () => {
  const value = fc.stringMatching(/^[A-Za-z0-9+/= .:-]{1,40}$/)
  const headers = fc.dictionary(fc.stringMatching(/^x-fc-[a-z]{1,12}$/), value, { maxKeys: 6 })
  fc.assert(
    fc.property(headers, (more) => {
      delete more['x-fc-security-token']
      expect(verdict(signed(more))).toBe('user')
    }),
  )
})

it('accepts a session with its token, and not without', () => {
  const role = addRole(account, { name: 'caller', trusts: ['fc.aliyuncs.com'], policies: [] })
  const session = issueSession(account, { role, sessionName: 's', durationSeconds: 900, now })
  const key = [session.accessKeyId, session.accessKeySecret]
  expect(verdict(signed({ 'x-fc-security-token': session.securityToken }, key))).toBe('session')
  expect(verdict(signed({}, key))).toBe('InvalidSecurityToken')
})

it.each([
  ['another type of invocation', { 'x-fc-invocation-type': 'Sync' }],
  ['another account', { 'x-fc-account-id': '1' }],
  ['one header more', { 'x-fc-more': '1' }],
  ['another content type', { 'content-type': 'application/json' }],
])('refuses %s than was signed', (_, change) => {
  expect(verdict({ ...signed(), ...change })).toBe('SignatureNotMatch')
})

it('refuses another path or body than was signed', () => {
  expect(verdict(signed(), 'event', PATH.replace('/f/', '/g/'))).toBe('SignatureNotMatch')
  expect(verdict(signed(), 'Event')).toBe('InvalidArgument')
})

it('takes a digest by the book as well as the one of the official SDK', () => {
  const md5 = createHash('md5').update('event').digest('base64')
  expect(verdict(signed({ 'content-md5': md5 }))).toBe('user')
})

it.each(['', 'FC', 'FC a', 'FC a:', 'FC local-user-key:***', 'Bearer x'])(
  'refuses the authorization %j',
  (authorization) => {
    expect(verdict({ ...signed(), authorization })).toBe('AccessDenied')
  },
)

it('refuses an unknown key, and a signature with one byte flipped', () => {
  expect(verdict(signed({}, ['nobody', 'local-user-secret']))).toBe('InvalidAccessKeyID')
  const { authorization, ...headers } = signed()
  const at = authorization.indexOf(':') + 3
  const flipped = authorization[at] === 'A' ? 'B' : 'A'
  const changed = authorization.slice(0, at) + flipped + authorization.slice(at + 1)
  expect(verdict({ ...headers, authorization: changed })).toBe('SignatureNotMatch')
})

it('takes a clock that is off by 15 minutes, and not by a second more', () => {
  const at = (ms: number) => signed({ date: new Date(now + ms).toUTCString() })
  const limit = 15 * 60 * 1000
  expect([-limit, limit].map((ms) => verdict(at(ms)))).toEqual(['user', 'user'])
  expect([-limit - 1000, limit + 1000].map((ms) => verdict(at(ms)))).toEqual([
    ...['AccessDenied', 'AccessDenied'],
  ])
  expect(verdict(signed({ date: 'abc' }))).toBe('AccessDenied')
})
