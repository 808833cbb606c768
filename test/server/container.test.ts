import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { parseServerOptions, SERVER_OPTIONS } from '../../server/options'
import { killServers, startProcess } from './support/process'

const FILE = readFileSync('Containerfile', 'utf8')
const IGNORED = readFileSync('.dockerignore', 'utf8').split('\n').filter(Boolean)

afterAll(killServers)

const instruction = (name: string) => new RegExp(`^${name} (.*)$`, 'm').exec(FILE)?.[1] ?? ''
const [program, file, ...args]: string[] = JSON.parse(instruction('ENTRYPOINT'))

it('has nothing but the bundle in it, which its user may not change', () => {
  expect(instruction('FROM')).toBe('node:20-slim')
  expect(instruction('COPY')).toBe('--chown=root:root dist/web-server/ ./')
  expect(IGNORED).toEqual(['*', '!dist/web-server/'])
  expect(instruction('USER')).toBe('node')
})

it('starts the server where a container is reached', () => {
  const { values } = parseArgs({ args, options: SERVER_OPTIONS })
  expect([program, file]).toEqual(['node', 'index.js'])
  expect(parseServerOptions(values)).toMatchObject({
    options: { host: '0.0.0.0', port: Number(instruction('EXPOSE')) },
    issues: [],
  })
})

it('asks for its health where it listens', async () => {
  const [command = '', ...rest]: string[] = JSON.parse(
    instruction('HEALTHCHECK').replace(/^.* CMD /, ''),
  )
  expect(rest.join()).toContain(`http://127.0.0.1:${instruction('EXPOSE')}/healthz`)
  const server = await startProcess()
  const ask = (url: string) =>
    spawnSync(
      command === 'node' ? process.execPath : command,
      rest.map((text) => text.replace(`http://127.0.0.1:${instruction('EXPOSE')}`, url)),
    ).status
  expect(ask(server.url)).toBe(0)
  expect(ask(`${server.url}/sts?`)).toBe(1)
  server.kill('SIGTERM')
  await server.ended
  expect(ask(server.url)).toBe(1)
})
