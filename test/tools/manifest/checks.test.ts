import rules from '../../../rules'
import { FUNCTION_NAMES } from '../../../shared/env/function-settings'
import { findManifestIssues, type Manifest } from '../../../tools/check-manifest'
import { type FunctionProps, findRefusals } from '../../../tools/manifest/refusals'
import { previewOf } from '../../support/preview'

const MANIFEST = previewOf()
const NAMES = FUNCTION_NAMES.filter((name) => name !== 'web-server')

type Resources = Manifest['resources']
type Props = Resources[string]['props']

function changed(change: (resources: Resources) => void): Resources {
  const { resources } = structuredClone(MANIFEST)
  change(resources)
  return resources
}

const issuesOf = (change: (resources: Resources) => void) =>
  findManifestIssues({ resources: changed(change) }, NAMES, rules)

function propsOf(resources: Resources, name: string): Props {
  return (resources[name] as Resources[string]).props
}

/** A change of `sts`. */
const sts = (change: (props: Props) => void) => (resources: Resources) =>
  change(propsOf(resources, 'sts'))
const trigger = (change: object) =>
  sts(({ triggers }) => void Object.assign(triggers[0] as object, change))
const config = (change: object) =>
  sts(({ triggers }) => void Object.assign(triggers[0]?.triggerConfig as object, change))

it.each<[string, (resources: Resources) => void, string]>([
  ['a function less', (all) => void delete all.sts, 'sts: not deployed'],
  ['no consumer', (all) => void delete all['upload-consumer'], 'upload-consumer: not deployed'],
  [
    'a function that is not there',
    (all) => void Object.assign(all, { other: all.sts }),
    'other: no function',
  ],
  [
    'a role for two functions',
    sts((props) => {
      props.role = propsOf(MANIFEST.resources, 'signed-url').role
    }),
    'two functions share a role',
  ],
  [
    'the code of another function',
    sts((props) => {
      props.code = './dist/signed-url'
    }),
    'sts: code is not its folder in dist/',
  ],
  [
    'another handler',
    sts((props) => {
      props.handler = 'main.handler'
    }),
    'sts: handler is not index.handler',
  ],
  [
    'another initializer',
    sts((props) => {
      ;(props.instanceLifecycleConfig as { initializer: { handler: string } }).initializer.handler =
        'index.init'
    }),
    'sts: no initializer',
  ],
  [
    'a reserved variable',
    sts((props) => {
      props.environmentVariables.FC_REGION = 'x'
    }),
    'sts: FC_* is reserved',
  ],
  [
    'over 4 KB of variables',
    sts((props) => {
      props.environmentVariables.AUTH_ISSUERS = 'x'.repeat(4096)
    }),
    'sts: environment over 4 KB',
  ],
  [
    'two triggers',
    sts(({ triggers }) => void triggers.push(...structuredClone(triggers))),
    'sts: needs exactly one trigger',
  ],
  ['no route', sts((props) => void delete props.customDomain), 'sts: its route must be its name'],
  ['a trigger of another type', trigger({ triggerType: 'timer' }), 'sts: its trigger is not http'],
  [
    'a trigger that asks for a signature',
    config({ authType: 'function' }),
    'sts: authType is not anonymous',
  ],
  [
    'a trigger of few methods',
    config({ methods: ['POST'] }),
    'sts: methods are not GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS',
  ],
  ['a misspelt trigger', config({ disableUrlInternet: true }), 'sts: unknown key in triggerConfig'],
  [
    'a route to the function of events',
    (all) => {
      propsOf(all, 'upload-event').customDomain = { route: { path: '/upload-event' } }
    },
    'upload-event: is not for a route',
  ],
  [
    'few events',
    (all) =>
      void Object.assign(propsOf(all, 'upload-event').triggers[0]?.triggerConfig as object, {
        events: ['oss:ObjectCreated:PutObject'],
      }),
    'upload-event: each trigger listens to oss:ObjectCreated:PutObject',
  ],
])('refuses %s', (_, change, issue) => {
  expect(issuesOf(change)).toContainEqual(expect.stringContaining(issue))
})

it('takes variables of 4 KB', () => {
  const { environmentVariables } = propsOf(MANIFEST.resources, 'sts')
  const used = Object.entries(environmentVariables).flat().join('').length
  const fill = (bytes: number) =>
    issuesOf(
      sts((props) => {
        props.environmentVariables.AUTH_ISSUERS = 'x'.repeat(bytes - used)
      }),
    )
  expect(fill(4096)).toEqual([])
  expect(fill(4097)).toEqual(['sts: environment over 4 KB'])
})

describe('Function Compute', () => {
  const PROPS = propsOf(MANIFEST.resources, 'sts') as unknown as FunctionProps
  const refusalsOf = (change: object) => findRefusals({ ...PROPS, ...change })

  it('takes every function of s.yaml', () => {
    const all = Object.values(MANIFEST.resources).map(({ props }) => findRefusals(props as never))
    expect(all.flat()).toEqual([])
  })

  it.each<[object, object, string]>([
    [{ functionName: 'a'.repeat(128) }, { functionName: 'a'.repeat(129) }, 'functionName'],
    [{ functionName: '_1' }, { functionName: '1a' }, 'functionName'],
    [{ description: 'a'.repeat(256) }, { description: 'a'.repeat(257) }, 'description'],
    [{ runtime: 'nodejs18' }, { runtime: 'nodejs22' }, 'runtime'],
    [{ instanceConcurrency: 1 }, { instanceConcurrency: 2 }, 'instanceConcurrency'],
    [
      { runtime: 'custom.debian12', instanceConcurrency: 200 },
      { runtime: 'custom.debian12', instanceConcurrency: 201 },
      'instanceConcurrency',
    ],
    [{ memorySize: 1024 }, { memorySize: 500 }, 'memorySize'],
    [{ memorySize: 128, cpu: 0.05 }, { memorySize: 64, cpu: 0.05 }, 'memorySize'],
    [{ memorySize: 32_768, cpu: 16 }, { memorySize: 32_832, cpu: 16 }, 'memorySize'],
    [{ cpu: 0.4 }, { cpu: 0.41 }, 'cpu must be'],
    [{ cpu: 0.5, memorySize: 512 }, { cpu: 0.55, memorySize: 512 }, '1 to 4 times cpu'],
    [{ cpu: 0.25, memorySize: 1024 }, { cpu: 0.2, memorySize: 1024 }, '1 to 4 times cpu'],
    [{ diskSize: 10_240 }, { diskSize: 1024 }, 'diskSize'],
    [{ timeout: 86_400 }, { timeout: 86_401 }, 'timeout'],
    [{ timeout: 1 }, { timeout: 0 }, 'timeout'],
    [{ environmentVariables: { a1: '' } }, { environmentVariables: { '1a': '' } }, 'variables'],
    [{}, { concurrencyConfig: { reservedConcurrency: 50 } }, 'reservedConcurrency'],
  ])('takes %j and refuses %j', (good, bad, issue) => {
    expect(refusalsOf(good)).toEqual([])
    expect(refusalsOf(bad)).toContainEqual(expect.stringContaining(issue))
  })
})
