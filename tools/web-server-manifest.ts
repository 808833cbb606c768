import { variablesOf } from '../shared/env/function-settings'
import { SERVED_FUNCTIONS } from '../shared/rules/web-server-policy'
import { WEB_SERVER } from './build/functions'

/** The file of the manifest with the web server. */
export const WEB_SERVER_MANIFEST = 's.web-server.yaml'

const HEADER = `# Made from s.yaml by \`npm run manifest -- --write\`: one web server in place of the four functions with a route.
# docs/web-server.md says when to deploy this one.
`
/** Function Compute calls the server here. */
const PORT = 9000
// Function Compute: quotas. More requests than this go to another instance.
const MAX_CONCURRENCY = 200
const LOCAL_ONLY: readonly string[] = ['CALLBACK_KEY_URL', 'CALLBACK_KEY']
const NODE = '/opt/nodejs20/bin/node'

type Block = { name: string; text: string }

/** Returns the manifest with the web server for this `s.yaml`; throws where it does not find what it takes from it. */
export function toWebServerManifest(manifest: string): string {
  const [head = '', resources = ''] = manifest.split(/^resources:\n/m)
  const blocks = toBlocks(resources)
  const served = SERVED_FUNCTIONS.map((name) => {
    const block = blocks.find((each) => each.name === name)
    if (!block) throw new Error(`s.yaml has no function ${name}`)
    return block.text
  })
  const isOther = ({ name }: Block) => !SERVED_FUNCTIONS.some((each) => each === name)
  const others = blocks.filter(isOther).map(({ text }) => text)
  const made = `${HEADER}${head.replace(/^(?:#.*\n)+/, '')}resources:\n${[toServer(served), ...others].join('')}`
  const [lost] = [...made.matchAll(/(?<=[\s[])\*(\w+)/g)].filter(
    ([, name]) => !new RegExp(`&${name}\\b`).test(made),
  )
  if (lost) throw new Error(`s.yaml defines ${lost[0]} in a function that the web server replaces`)
  return made
}

// A comment directly above a function belongs to it.
function toBlocks(resources: string): Block[] {
  const starts = [...resources.matchAll(/^(?: {2}#.*\n)* {2}([\w-]+):\n/gm)]
  return starts.map(({ index, 1: name = '' }, at) => ({
    name,
    text: resources.slice(index, starts[at + 1]?.index),
  }))
}

function toServer(served: readonly string[]): string {
  const all = served.join('')
  const shared = [...all.matchAll(/^ {6}environmentVariables:\n {8}<<: \[(.*)\]$/gm)].flatMap(
    ([, names = '']) => names.split(', '),
  )
  const own = [...all.matchAll(/^ {8}([A-Z_]+: .*)$/gm)].map(([, line = '']) => line)
  const component = find(all, /^ {4}(component: .*)$/m)
  const [triggers, domain] = find(all, /^ {6}(triggers: &api\n[\s\S]*?^ {8}route:\n)/m).split(
    /^ {6}(?=customDomain:)/m,
  )
  return `  ${WEB_SERVER}:
    ${component}
    extend:
      name: function
      ignore: [handler, instanceLifecycleConfig]
    props:
      functionName: oss-direct-${WEB_SERVER}
      description: Answers callers and the callbacks of OSS
      code: ./dist/${WEB_SERVER}
      role: \${env('ROLE_WEB_SERVER')}
      runtime: custom.debian12
      layers: ["acs:fc:\${vars.region}:official:layers/Nodejs20/versions/3"]
      # As many requests run in one instance.
      instanceConcurrency: 100
      customRuntimeConfig:
        command: [${NODE}, index.js]
        args: [--host, 0.0.0.0, --port, "${PORT}", --trusted-proxies, "1"]
        port: ${PORT}
        healthCheckConfig:
          httpGetUrl: /healthz
          initialDelaySeconds: 1
          periodSeconds: 5
          timeoutSeconds: 1
          failureThreshold: 3
          successThreshold: 1
      environmentVariables:
        <<: [${[...new Set(shared)].join(', ')}]
${[...new Set(own)].map((line) => `        ${line}\n`).join('')}      # Anonymous for Function Compute: the server verifies each caller's JWT, and OSS's signature.
      ${triggers}      ${domain}          path: /*
          methods: *methods

`
}

function find(text: string, pattern: RegExp): string {
  const [, found] = pattern.exec(text) ?? []
  if (found === undefined) throw new Error(`s.yaml has lost ${pattern.source}`)
  return found
}

/** Returns the functions of the manifest with the web server. */
export function toServedNames(functions: readonly string[]): string[] {
  const served: readonly string[] = SERVED_FUNCTIONS
  return [...functions.filter((name) => !served.includes(name)), WEB_SERVER]
}

/** Returns why this is not the manifest with the web server for this `s.yaml`; empty if it is. */
export function findWebServerDrift(made: string, manifest: string): string[] {
  return made === toWebServerManifest(manifest)
    ? []
    : ['it is not the one that s.yaml makes: run npm run manifest -- --write']
}

/** The properties of the function with the web server that are checked, as `s preview` resolves them. */
export type ServerProps = {
  runtime?: string
  handler?: string
  instanceConcurrency?: number
  instanceLifecycleConfig?: object
  customRuntimeConfig?: {
    command?: string[]
    args?: string[]
    port?: number
    healthCheckConfig?: { httpGetUrl?: string }
  }
  customDomain?: { route: { path: string } }
  environmentVariables: Record<string, string>
}

/** Returns the issues of the function with the web server that the component's schema does not find. */
export function findServerIssues(props: ServerProps): string[] {
  const { command = [], args = [], port, healthCheckConfig } = props.customRuntimeConfig ?? {}
  const concurrency = props.instanceConcurrency ?? 1
  const names = Object.keys(props.environmentVariables)
  const read = variablesOf(WEB_SERVER).filter((name) => !LOCAL_ONLY.includes(name))
  const lacking = read.filter((name) => !names.includes(name))
  const unread = names.filter((name) => !read.some((each) => each === name))
  const checks: [boolean, string][] = [
    [props.runtime === 'custom.debian12', 'runtime is not custom.debian12'],
    [String(command) === `${NODE},index.js`, `command is not ${NODE} index.js`],
    [port === PORT && optionOf(args, '--port') === String(PORT), `port is not ${PORT}`],
    [optionOf(args, '--host') === '0.0.0.0', 'listens on loopback alone: --host 0.0.0.0'],
    [healthCheckConfig?.httpGetUrl === '/healthz', 'its health is not asked at /healthz'],
    [
      concurrency > 1 && concurrency <= MAX_CONCURRENCY,
      `instanceConcurrency is not from 2 to ${MAX_CONCURRENCY}`,
    ],
    [props.handler === undefined, 'a custom runtime has no handler'],
    [props.instanceLifecycleConfig === undefined, 'answers no call of an initializer'],
    [props.customDomain?.route.path === '/*', 'its route is not /*'],
    [lacking.length === 0, `its environment lacks ${lacking.join(', ')}, which it reads`],
    [unread.length === 0, `its environment has ${unread.join(', ')}, which it does not read`],
  ]
  return checks.filter(([holds]) => !holds).map(([, issue]) => issue)
}

function optionOf(args: readonly string[], option: string): string | undefined {
  const at = args.indexOf(option)
  return at < 0 ? undefined : args[at + 1]
}
