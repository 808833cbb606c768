import { createApi } from '../../client/api'
import { startLocalCloud } from '../../local/start'
import { share } from '../support/share'
import { issueToken } from '../support/token'
import { errorOf, recorder } from './support/client'
import { withNativeSignals } from './support/native'

const cloud = share(() => startLocalCloud({ port: 0, log: () => undefined }))
const getToken = () => issueToken(cloud().info, { sub: 'alice' })

function create(
  options: { baseUrl?: string; getToken?: (reason: string) => string | Promise<string> } = {},
) {
  const { transport, sent } = recorder()
  const api = createApi({ baseUrl: cloud().info.gateway, getToken, ...options }, transport)
  return { api, sent }
}

const RULES = { operation: 'rules' }

it('asks a function, below a path too', async () => {
  const { api } = create({ baseUrl: `${cloud().info.gateway}/` })
  expect(await api.ask('/signed-url', RULES)).toMatchObject({ rules: expect.any(Array) })
})

it('asks once more with a new token where one is refused, and no further', async () => {
  const reasons: string[] = []
  const { api, sent } = create({
    getToken: (reason) => {
      reasons.push(reason)
      return 'a.b.c'
    },
  })
  expect(await errorOf(api.ask('/signed-url', RULES))).toMatchObject({
    ...{ code: 'invalid_token', status: 401, retryable: false },
    message: 'Send a valid token as "Authorization: Bearer <JWT>".',
    requestId: expect.any(String),
  })
  expect(reasons).toEqual(['request', 'refused'])
  expect(sent).toHaveLength(2)
})

it('says that there is no token, and keeps why', async () => {
  const cause = new Error('signed out')
  const { api, sent } = create({ getToken: () => Promise.reject(cause) })
  const error = await errorOf(api.ask('/signed-url', RULES))
  expect(error).toMatchObject({ code: 'token_unavailable', retryable: false, cause })
  expect(error.message).not.toContain('signed out')
  expect(sent).toEqual([])
})

it('says which issues a request has', async () => {
  const { api } = create()
  const { code, message } = await errorOf(api.ask('/signed-url', { operation: 'put' }))
  expect(code).toBe('invalid_request')
  expect(message).toMatch(/^The request is malformed; .* rule is missing\./)
})

it('says that another server answers', async () => {
  const { api } = create({ baseUrl: `${cloud().info.gateway}/local` })
  expect(await errorOf(api.ask('/sts', {}))).toMatchObject({ status: 404, code: 'refused' })
  const other = createApi({ baseUrl: 'http://a.test', getToken }, async () => ({
    ...{ status: 200, headers: {}, text: '<html></html>' },
  }))
  expect(await errorOf(other.ask('/sts', {}))).toMatchObject({ code: 'unexpected_answer' })
})

it.each([-3_600_000, 0, 3_600_000])(
  'knows the time of a server that is %i ms ahead',
  async (ahead) => {
    cloud().clock.set(Date.now() + ahead)
    const { api } = create()
    expect(Math.abs(api.now() - Date.now())).toBeLessThan(5)
    await api.ask('/signed-url', RULES)
    // The answer has whole seconds.
    expect(Math.abs(api.now() - Date.now() - ahead)).toBeLessThan(2000)
    cloud().clock.set(Date.now())
  },
)

it('sends nothing once its signal is aborted', async () => {
  const { api, sent } = create()
  const reason = new Error('left')
  await expect(api.ask('/signed-url', RULES, AbortSignal.abort(reason))).rejects.toBe(reason)
  expect(sent).toEqual([])
})

it('sends nothing once its signal is aborted in React Native, either', async () => {
  const { api, sent } = create()
  await withNativeSignals(async () => {
    const error = await errorOf(api.ask('/signed-url', RULES, AbortSignal.abort()))
    expect(error).toMatchObject({ code: 'cancelled' })
    const { signal } = new AbortController()
    expect(await api.ask('/signed-url', RULES, signal)).toMatchObject({ rules: expect.any(Array) })
  })
  expect(sent).toHaveLength(1)
})
