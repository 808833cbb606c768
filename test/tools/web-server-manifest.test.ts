import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import rules from '../../rules'
import { findManifestIssues, type Manifest } from '../../tools/check-manifest'
import {
  findWebServerDrift,
  toServedNames,
  toWebServerManifest,
  WEB_SERVER_MANIFEST,
} from '../../tools/web-server-manifest'
import { previewOf } from '../support/preview'

const FUNCTIONS = readdirSync('functions').map((file) => basename(file, '.ts'))
const NAMES = toServedNames(FUNCTIONS)
const SOURCE = readFileSync('s.yaml', 'utf8')
const MADE = readFileSync(WEB_SERVER_MANIFEST, 'utf8')
const MANIFEST = previewOf(WEB_SERVER_MANIFEST)

type Props = Manifest['resources'][string]['props']

function propsOf(manifest: Manifest): Props {
  const props = manifest.resources['web-server']?.props
  if (props === undefined) throw new Error('The manifest has no web server')
  return props
}

/** The issues of the manifest with this change. */
function issuesOf(change: (props: Props) => void): string[] {
  const manifest = structuredClone(MANIFEST)
  change(propsOf(manifest))
  return findManifestIssues(manifest, NAMES, rules)
}

it('is the one that s.yaml makes, and has no issue', () => {
  expect(findWebServerDrift(MADE, SOURCE)).toEqual([])
  expect(issuesOf(() => undefined)).toEqual([])
})

it('names the command that mends it when s.yaml has changed', () => {
  const changed = SOURCE.replace('timeout: 10', 'timeout: 20')
  expect(findWebServerDrift(MADE, changed)).toEqual([
    'it is not the one that s.yaml makes: run npm run manifest -- --write',
  ])
  expect(findWebServerDrift(toWebServerManifest(changed), changed)).toEqual([])
})

it('has the functions of s.yaml as they are there, but for the four that the server replaces', () => {
  const all = previewOf().resources
  const { 'web-server': server, ...others } = MANIFEST.resources
  expect(Object.keys(others)).not.toContain('sts')
  expect(Object.keys(others)).toContain('upload-event')
  for (const [name, resource] of Object.entries(others)) expect(resource).toEqual(all[name])
  expect(server?.props.triggers).toEqual(all.sts?.props.triggers)
})

it('has every variable of the four, with the values that they have', () => {
  const { resources } = previewOf()
  const four = ['sts', 'signed-url', 'post-policy', 'upload-callback'].map(
    (name) => resources[name]?.props.environmentVariables,
  )
  expect(propsOf(MANIFEST).environmentVariables).toEqual(Object.assign({}, ...four))
})

it.each([
  ['a function less', '  post-policy:\n', '  post-polity:\n', 's.yaml has no function post-policy'],
  ['a domain elsewhere', 'triggers: &api', 'triggers: &all', 's.yaml has lost'],
])('is not made of an s.yaml with %s', (_, text, other, message) => {
  const changed = SOURCE.replace(text, other)
  expect(changed).not.toBe(SOURCE)
  expect(() => toWebServerManifest(changed)).toThrow(message)
})

it('is not made where another function uses what one of the four defines', () => {
  const changed = SOURCE.replace(`role: \${env('ROLE_SIGNED_URL')}`, 'role: &odd x').replace(
    `role: \${env('ROLE_UPLOAD_EVENT')}`,
    'role: *odd',
  )
  expect(() => toWebServerManifest(changed)).toThrow(
    's.yaml defines *odd in a function that the web server replaces',
  )
})

const runtime = (props: Props) => Object(props.customRuntimeConfig)

it.each<[string, (props: Props) => void]>([
  ['runtime is not custom.debian12', (props) => Object.assign(props, { runtime: 'nodejs20' })],
  [
    'command is not /opt/nodejs20/bin/node index.js',
    (props) => Object.assign(runtime(props), { command: ['node', 'index.js'] }),
  ],
  ['port is not 9000', (props) => Object.assign(runtime(props), { port: 8080 })],
  ['port is not 9000', ({ customRuntimeConfig }) => customRuntimeConfig?.args?.splice(2, 2)],
  [
    'listens on loopback alone: --host 0.0.0.0',
    ({ customRuntimeConfig }) => customRuntimeConfig?.args?.splice(0, 2),
  ],
  [
    'its health is not asked at /healthz',
    (props) => Object.assign(runtime(props), { healthCheckConfig: {} }),
  ],
  [
    'instanceConcurrency is not from 2 to 200',
    (props) => Object.assign(props, { instanceConcurrency: 1 }),
  ],
  [
    'instanceConcurrency is not from 2 to 200',
    (props) => Object.assign(props, { instanceConcurrency: 201 }),
  ],
  [
    'a custom runtime has no handler',
    (props) => Object.assign(props, { handler: 'index.handler' }),
  ],
  [
    'answers no call of an initializer',
    (props) => Object.assign(props, { instanceLifecycleConfig: { initializer: { handler: 'x' } } }),
  ],
  [
    'its route is not /*',
    ({ customDomain }) => Object.assign(Object(customDomain).route, { path: '/sts' }),
  ],
  ['code is not its folder in dist/', (props) => Object.assign(props, { code: './dist/sts' })],
  [
    'its environment has UNHEARD_OF, which it does not read',
    ({ environmentVariables }) => Object.assign(environmentVariables, { UNHEARD_OF: '' }),
  ],
  [
    'its environment lacks AUTH_ISSUER, which it reads',
    ({ environmentVariables }) => Reflect.deleteProperty(environmentVariables, 'AUTH_ISSUER'),
  ],
])('refuses: %s', (issue, change) => {
  expect(issuesOf(change)).toContain(`web-server: ${issue}`)
})

it.each([2, 200])('takes an instanceConcurrency of %d', (instanceConcurrency) => {
  expect(issuesOf((props) => Object.assign(props, { instanceConcurrency }))).toEqual([])
})
