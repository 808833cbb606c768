import { createAccount } from '../../../../local/ram/account'
import { createFcApi } from '../../../../local/sts/apis/fc'
import { type StsServer, startSts } from '../../../../local/sts/server'
import { callCloud } from '../../../../tools/cloud-api'

const ID = '1234567890123456'
const FUNCTION = {
  ...{ functionName: 'f', runtime: 'nodejs20', handler: 'index.handler', memorySize: 512 },
  ...{ cpu: 0.35, timeout: 10, role: `acs:ram::${ID}:role/f`, reservedConcurrency: 5 },
  environmentVariables: { A: 'b' },
  triggers: [
    { triggerName: 'http', triggerType: 'http', triggerConfig: { authType: 'anonymous' } },
  ],
}

let server: StsServer
let functions = [FUNCTION]
const { env } = process
beforeAll(async () => {
  const account = createAccount({
    root: { accessKeyId: 'root', accessKeySecret: 's' },
    users: [{ name: 'guest', accessKeyId: 'guest', accessKeySecret: 's', policies: [] }],
  })
  server = await startSts({
    ...{ host: '127.0.0.1', port: 0, account, log: () => undefined, now: Date.now },
    apis: [createFcApi({ functions: () => functions, region: 'cn-hangzhou' })],
  })
})
afterAll(() => server.close())
afterEach(() => {
  functions = [FUNCTION]
  process.env = env
})

type Query = Record<string, string>

function ask(
  action: string,
  path: string,
  key: readonly string[] = ['root', 's'],
  query: Query = {},
) {
  const [id, secret] = key
  process.env = {
    ...env,
    ALIBABA_CLOUD_ACCESS_KEY_ID: id,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: secret,
  }
  return callCloud({ endpoint: server.url, version: '2023-03-30', action, path, query })
}

it('answers what is deployed to the SDK', async () => {
  const functionArn = `acs:fc:cn-hangzhou:${ID}:functions/f`
  const { triggers: _, reservedConcurrency, ...fields } = FUNCTION
  const described = { ...fields, functionArn }
  expect(await ask('GetFunction', '/2023-03-30/functions/f')).toMatchObject(described)
  const list = await ask('ListFunctions', '/2023-03-30/functions')
  expect(list).toMatchObject({ functions: [described] })
  expect(await ask('ListTriggers', '/2023-03-30/functions/f/triggers')).toMatchObject({
    triggers: [{ triggerName: 'http', triggerConfig: '{"authType":"anonymous"}' }],
  })
  expect(await ask('ListConcurrencyConfigs', '/2023-03-30/concurrency-configs')).toMatchObject({
    configs: [{ functionArn, reservedConcurrency }],
  })
})

it.each([
  ['an unknown function', 'GetFunction', '/2023-03-30/functions/g', undefined, 'FunctionNotFound'],
  ['another path', 'GetFunction', '/2023-03-30/layers', undefined, 'InvalidAction.NotFound'],
  [
    'an action that it has not',
    ...['DeleteFunction', '/2023-03-30/functions/f', undefined, 'NotImplemented'],
  ] as const,
  ['no right', 'GetFunction', '/2023-03-30/functions/f', ['guest', 's'], 'NoPermission'],
  [
    'another secret',
    'GetFunction',
    '/2023-03-30/functions/f',
    ['root', 'x'],
    'SignatureDoesNotMatch',
  ],
] as const)('refuses %s', async (_, action, path, key, code) => {
  await expect(ask(action, path, key as never)).rejects.toMatchObject({ code })
})

it('lists functions in pages', async () => {
  functions = Array.from({ length: 101 }, () => FUNCTION)
  const count = async (query: Query) => {
    const answer = await ask('ListFunctions', '/2023-03-30/functions', undefined, query)
    const { functions: page, nextToken } = answer as { functions: []; nextToken?: string }
    return [page.length, nextToken]
  }
  expect(await count({})).toEqual([20, '20'])
  expect(await count({ limit: '100' })).toEqual([100, '100'])
  expect(await count({ limit: '101' })).toEqual([100, '100'])
  expect(await count({ limit: '100', nextToken: '100' })).toEqual([1, undefined])
})
