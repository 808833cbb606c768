import { chooseSource, createCredentials } from '../../server/credentials'
import type { WebServer } from '../../server/start'
import { closeServers, openServer, SERVER_ENVIRONMENT, signerOf } from './support/server'

afterAll(closeServers)

const { ALIBABA_CLOUD_ACCESS_KEY_ID: ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET: SECRET } =
  SERVER_ENVIRONMENT
const KEYS = { ALIBABA_CLOUD_ACCESS_KEY_ID: ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET: SECRET }
const OIDC = {
  ALIBABA_CLOUD_OIDC_TOKEN_FILE: '/var/run/token',
  ALIBABA_CLOUD_OIDC_PROVIDER_ARN: 'acs:ram::1:oidc-provider/p',
  ALIBABA_CLOUD_ROLE_ARN: 'acs:ram::1:role/r',
}
const FUNCTION = { FC_FUNCTION_NAME: 'oss-direct-web-server', FC_ACCOUNT_ID: '1234567890123456' }
const HEADERS = {
  'x-fc-access-key-id': 'STS.header',
  'x-fc-access-key-secret': 'secret-of-the-header',
  'x-fc-security-token': 'token-of-the-header',
}

/** What this server signs with, when a request has these headers. */
async function signerWith(
  environment: Record<string, string | undefined>,
  headers: Record<string, string>,
) {
  let server: WebServer | undefined
  try {
    server = await openServer({ environment })
    return await signerOf(server.url, headers)
  } finally {
    await server?.stop()
  }
}

describe('in Function Compute', () => {
  it('the credentials are those that its gateway sends, not those of the environment', async () => {
    expect(await signerWith(FUNCTION, HEADERS)).toEqual(['STS.header', 'token-of-the-header'])
  })

  it.each(Object.keys(HEADERS))(
    'a request without %s is not answered with others',
    async (name) => {
      const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true)
      expect(await signerWith(FUNCTION, { ...HEADERS, [name]: '' })).toBe('internal')
      const logged = write.mock.calls.join()
      write.mockRestore()
      expect(logged).toContain('attach a role to this function')
      expect(logged).not.toContain('of-the-header')
    },
  )
})

describe('elsewhere', () => {
  it.each([{}, { FC_FUNCTION_NAME: 'x' }, { FC_ACCOUNT_ID: '1' }])(
    'the headers of Function Compute count for nothing with %j',
    async (environment) => {
      expect(await signerWith(environment, HEADERS)).toEqual([ID, undefined])
    },
  )

  it('a security token of the environment is sent along', async () => {
    const environment = { ALIBABA_CLOUD_SECURITY_TOKEN: 'token-of-the-environment' }
    expect(await signerWith(environment, {})).toEqual([ID, 'token-of-the-environment'])
  })
})

it('a role that gives none is answered with 503, and its remedy is in the cause alone', async () => {
  const chosen = chooseSource({ ALIBABA_CLOUD_CREDENTIALS_URI: 'http://127.0.0.1:1/' })
  const find = createCredentials(chosen, {
    log: () => undefined,
    stsEndpoint: 'https://sts.cn-hangzhou.aliyuncs.com',
  })
  const refusal = await find({}).catch((error: unknown) => error)
  expect(refusal).toMatchObject({ reason: 'credentials_unavailable', code: 'unavailable' })
  expect(String((refusal as Error).cause)).toContain(
    'ALIBABA_CLOUD_CREDENTIALS_URI led to no credentials (ECONNREFUSED): check that',
  )
})

describe('the source of credentials', () => {
  it('is Function Compute before any other', () => {
    expect(chooseSource({ ...FUNCTION, ...KEYS, ...OIDC })).toBe('function')
  })

  it.each([
    [
      { ...KEYS, ...OIDC },
      { accessKeyId: ID, accessKeySecret: SECRET },
    ],
    [OIDC, { type: 'oidc_role_arn', oidcTokenFilePath: '/var/run/token' }],
    [{ ALIBABA_CLOUD_ECS_METADATA: 'r' }, { type: 'ecs_ram_role', roleName: 'r' }],
    [
      { ALIBABA_CLOUD_CREDENTIALS_URI: 'http://localhost/' },
      { type: 'credentials_uri', credentialsURI: 'http://localhost/' },
    ],
  ])('of %j is found', (environment, opened) => {
    expect(chooseSource(environment)).toMatchObject({ opened })
  })

  it.each([...Object.keys(KEYS), ...Object.keys(OIDC)])('is not complete without %s', (name) => {
    const all = name in KEYS ? KEYS : OIDC
    expect(() => chooseSource({ ...all, [name]: '' })).toThrow(`${name}: missing; required with `)
  })

  it('must be named', () => {
    expect(() => chooseSource({})).toThrow('There are no credentials. Set one of these: ')
  })
})
