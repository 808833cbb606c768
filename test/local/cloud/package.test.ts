import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { bundleLocal } from '../../../tools/build-local'

const ROOT = resolve(__dirname, '../../..')

// Inside the package, where a built one would be, for what it needs of node_modules.
let folder: string
beforeAll(async () => {
  mkdirSync(join(ROOT, 'build'), { recursive: true })
  folder = mkdtempSync(join(ROOT, 'build', 'test-'))
  await bundleLocal(folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs a program from a folder that has nothing to do with ours. */
function node(script: string): string {
  return execFileSync(process.execPath, ['-e', script], { cwd: '/', encoding: 'utf8' })
}

describe('oss-direct/local', () => {
  it('starts OSS and STS inside another program', () => {
    const script = `
      const { startLocalCloud } = require(${JSON.stringify(join(folder, 'local.js'))})
      startLocalCloud({ port: 0, only: ['oss', 'sts'], quiet: true }).then(async (cloud) => {
        cloud.clock.set('2030-01-01T00:00:00Z')
        const answer = await fetch(cloud.info.oss + '/' + cloud.info.bucket + '/key')
        console.log(JSON.stringify([answer.status, cloud.requests(), Object.keys(cloud)]))
        await cloud.close()
      })`
    const [status, requests, names] = JSON.parse(node(script))
    expect(status).toBe(403)
    expect(requests).toEqual([
      expect.objectContaining({ time: expect.stringMatching(/^2030-/), code: 'AccessDenied' }),
    ])
    expect(names).toEqual(
      expect.arrayContaining(['info', 'account', 'clock', 'requests', 'setFaults', 'close']),
    )
  })

  it.each(['README.md', 'docs/local-cloud.md'])('runs as %s shows it', (file) => {
    const blocks = readFileSync(join(ROOT, file), 'utf8').matchAll(/```js\n(.*?)```/gs)
    const [script = ''] = [...blocks].flatMap(([, text = '']) =>
      text.includes('oss-direct/local') ? [text] : [],
    )
    const here = script.replace("'oss-direct/local'", JSON.stringify(join(folder, 'local.js')))
    expect(node(`(async () => { ${here}; console.log('closed') })()`)).toBe('closed\n')
  })

  it('builds and runs the functions, by the example rules where there are none', () => {
    const script = `
      const { startLocalCloud } = require(${JSON.stringify(join(folder, 'local.js'))})
      startLocalCloud({ port: 0, quiet: true }).then(async (cloud) => {
        const post = async (path, body, token) => (await fetch(cloud.info.gateway + path, {
          method: 'POST', body: JSON.stringify(body), headers: token ? { authorization: 'Bearer ' + token } : {},
        })).json()
        const { token } = await post('/local/token', { sub: 'alice' })
        const wish = { rule: 'avatar', filename: 'me.png', contentType: 'image/png' }
        console.log((await post('/post-policy', wish, token)).key)
        console.log((await fetch(cloud.info.gateway)).status)
        await cloud.close()
      })`
    expect(node(script)).toMatch(/^avatars\/alice\/[0-9a-f-]{36}\.png\n200\n$/)
  })
})

it('runs as a command, and ends at a signal', async () => {
  const options = ['local', '--only', 'oss', '--port', '0', '--json', '--quiet']
  const child = spawn(process.execPath, [join(folder, 'bin.js'), ...options], { cwd: '/' })
  const line = await new Promise<string>((resolve) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()))
  })
  expect(JSON.parse(line)).toMatchObject({ event: 'started', sts: '' })
  child.kill('SIGTERM')
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0)
})

it('says how it is used when it is called in another way', () => {
  const run = () =>
    execFileSync(process.execPath, [join(folder, 'bin.js'), 'remote'], { stdio: 'pipe' })
  expect(run).toThrow(/Usage: oss-direct local/)
})

it.each(['--help', '-h', 'help'])('helps when it is called with %s', (option) => {
  const output = execFileSync(process.execPath, [join(folder, 'bin.js'), option], {
    encoding: 'utf8',
  })
  expect(output).toMatch(/^Usage: oss-direct local \[options\]\n.*--port N.*--help/s)
})
