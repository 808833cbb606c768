import { readFileSync } from 'node:fs'
import { createFunctions } from '../local/fc/functions'
import { startGateway } from '../local/fc/gateway'
import { credentials } from './example'

// The local gateway with one instance of each function, as the web server's counterpart. Arguments: the folder of the
// bundles, a file with the variables of each function.

const ACCOUNT = '1234567890123456'
const [, , folder = '', file = ''] = process.argv

type Variables = Record<string, Record<string, string>>

async function main(): Promise<void> {
  const variables: Variables = JSON.parse(readFileSync(file, 'utf8'))
  const names = Object.keys(variables)
  const functions = createFunctions({
    ...{ accountId: ACCOUNT, region: 'cn-hangzhou', now: Date.now, maxInstances: 1 },
    clock: new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT),
    log: (_, line) => process.stdout.write(`${line}\n`),
  })
  const expiresAt = Date.now() + 36 * 3_600_000
  await functions.deploy(
    names.map((name) => ({
      name,
      file: `${folder}/${name}/index.js`,
      env: variables[name] ?? {},
      openSession: () => ({ ...credentials, expiresAt }) as never,
    })),
  )
  const gateway = await startGateway({
    ...{ functions, accountId: ACCOUNT, host: '127.0.0.1', port: 0 },
    triggers: names.map((name) => ({ path: `/${name}`, methods: ['POST'], functionName: name })),
    now: Date.now,
    log: () => undefined,
  })
  process.stdout.write(`{"event":"listening","url":"http://127.0.0.1:${gateway.port}"}\n`)
}

void main()
