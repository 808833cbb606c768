import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { FUNCTION_NAMES, variablesOf } from '../shared/env/function-settings'
import { defineRules, type Rules } from '../shared/rules/rules'
import { CONSUMER, WEB_SERVER } from './build/functions'
import { findTimerIssues } from './check-timer'
import { readEventBridge } from './event-bridge'
import { loadRules } from './load-rules'
import { findTriggerDrift, triggerFolders, WRITE_COMMAND, writeTriggers } from './manifest'
import { OSS_EVENTS } from './oss-events'
import { runServerlessDevs } from './serverless-devs'
import {
  findServerIssues,
  findWebServerDrift,
  type ServerProps,
  toServedNames,
  WEB_SERVER_MANIFEST,
} from './web-server-manifest'

const root = resolve(__dirname, '..')
const MAX_ENVIRONMENT_BYTES = 4096
const LOCAL_ONLY = ['CALLBACK_KEY_URL', 'CALLBACK_KEY']
const TRIGGER_KEYS = ['authType', 'methods', 'disableURLInternet']
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']
const PINNED = /^fc3@\d+\.\d+\.\d+$/
const EVENT = 'upload-event'
const SWEEP = 'upload-sweep'
const OFFLINE_COMPONENT = resolve(root, '../shared/fc3')

type Trigger = { triggerType: string; sourceArn?: string; triggerConfig: Record<string, unknown> }
type Props = ServerProps & {
  code: string
  role: string
  timeout: number
  instanceLifecycleConfig?: { initializer: { handler: string } }
  triggers: Trigger[]
  asyncInvokeConfig?: { destinationConfig?: { onFailure?: { destination?: string } } }
  customDomain?: { route: { path: string; methods?: string[] } }
}
type Resource = { component: string; props: Props }
/** `s.yaml` as `s preview` resolves it. */
export type Manifest = { resources: Record<string, Resource> }

/** Returns the issues of `s.yaml` that the component's schema does not find, one sentence each. */
export function findManifestIssues(
  manifest: Manifest,
  functionNames: readonly string[],
  rules: Rules,
): string[] {
  // The consumer belongs to the adopter: only its presence is checked.
  const own = ([name]: [string, Resource]) => name !== CONSUMER
  const resources = Object.entries(manifest.resources).filter(own)
  const roles = resources.map(([, { props }]) => props.role)
  return [
    ...missing([...functionNames, CONSUMER], Object.keys(manifest.resources)),
    ...(new Set(roles).size < roles.length ? ['two functions share a role'] : []),
    ...Object.entries(manifest.resources).flatMap(([name, { component }]) =>
      PINNED.test(component) ? [] : [`${name}: component is not pinned to a version of fc3`],
    ),
    ...resources.flatMap(([name, { props }]) =>
      findFunctionIssues(name, props, rules).map((issue) => `${name}: ${issue}`),
    ),
  ]
}

function isDeployed(variable: string): boolean {
  return !LOCAL_ONLY.includes(variable)
}

function missing(functions: readonly string[], resources: readonly string[]): string[] {
  return [
    ...functions.filter((name) => !resources.includes(name)).map((name) => `${name}: not deployed`),
    ...resources.filter((name) => !functions.includes(name)).map((name) => `${name}: no function`),
  ]
}

function findFunctionIssues(name: string, props: Props, rules: Rules): string[] {
  const environment = Object.entries(props.environmentVariables)
  const names = environment.map(([key]) => key)
  const own = FUNCTION_NAMES.find((each) => each === name)
  const read = (own === undefined ? [] : variablesOf(own)).filter(isDeployed)
  const lacking = read.filter((variable) => !names.includes(variable))
  const unread = names.filter((variable) => !read.some((each) => each === variable))
  const isServer = name === WEB_SERVER
  const { instanceLifecycleConfig } = props
  const checks: [boolean, string][] = [
    [props.code === `./dist/${name}`, 'code is not its folder in dist/'],
    [isServer || props.handler === 'index.handler', 'handler is not index.handler'],
    [
      isServer || instanceLifecycleConfig?.initializer.handler === 'index.initializer',
      'no initializer',
    ],
    [own !== undefined, 'function-settings.ts does not list its settings'],
    [lacking.length === 0, `its environment lacks ${lacking.join(', ')}, which it reads`],
    [unread.length === 0, `its environment has ${unread.join(', ')}, which it does not read`],
    [names.every((key) => !key.startsWith('FC_')), 'FC_* is reserved'],
    [environment.flat().join('').length <= MAX_ENVIRONMENT_BYTES, 'environment over 4 KB'],
  ]
  const failed = checks.filter(([holds]) => !holds).map(([, issue]) => issue)
  const ofServer = isServer ? findServerIssues(props) : []
  return [...failed, ...ofServer, ...triggerCheckOf(name)(name, props, rules)]
}

function triggerCheckOf(name: string) {
  if (name === EVENT) return findOssTriggerIssues
  return name === SWEEP
    ? (_: string, props: Props) => findTimerIssues(props)
    : findHttpTriggerIssues
}

function findHttpTriggerIssues(name: string, { triggers, customDomain }: Props): string[] {
  return [
    ...(triggers.length === 1 ? [] : ['needs exactly one trigger']),
    ...(name === WEB_SERVER || customDomain?.route.path === `/${name}`
      ? []
      : ['its route must be its name']),
    ...(String(customDomain?.route.methods) === String(methodsOf(name))
      ? []
      : [`the methods of its route are not ${methodsOf(name)}`]),
    ...triggers.flatMap((trigger) => findIssuesOfTrigger(name, trigger)),
  ]
}

// Each folder of the rules has a separate trigger, so that the ledger's markers trigger nothing.
function findOssTriggerIssues(
  _: string,
  { triggers, customDomain, asyncInvokeConfig, environmentVariables }: Props,
  rules: Rules,
): string[] {
  const { destination = '' } = asyncInvokeConfig?.destinationConfig?.onFailure ?? {}
  const { OSS_BUCKET } = environmentVariables
  const expected = triggerFolders(rules).map(({ bucket = OSS_BUCKET, prefix }) =>
    [bucket, prefix].join('/'),
  )
  const read = triggers.map((trigger) => readTrigger(trigger))
  const found = read.flatMap(({ folders }) => folders)
  const listens = ({ types }: { types: unknown }) => String(types) === String(OSS_EVENTS)
  const [lacking] = expected.filter((folder) => !found.includes(folder))
  const [foreign] = found.filter((folder) => !expected.includes(folder))
  return [
    ...(customDomain ? ['is not for a route'] : []),
    ...(destination.endsWith(`:functions/oss-direct-${SWEEP}`)
      ? []
      : [`what fails for good does not go to ${SWEEP}, so it would be lost`]),
    ...(lacking === undefined
      ? []
      : [`has no trigger for ${lacking}, which a rule lets callers write: run ${WRITE_COMMAND}`]),
    ...(foreign === undefined
      ? []
      : [`has a trigger for ${foreign}, which no rule writes: run ${WRITE_COMMAND}`]),
    ...(read.every(listens) ? [] : [`each trigger listens to ${OSS_EVENTS}`]),
  ]
}

function readTrigger({ triggerType, sourceArn = '', triggerConfig }: Trigger) {
  if (triggerType === 'eventbridge') return readEventBridge(triggerConfig)
  const { key } = Object(triggerConfig.filter) as { key?: { prefix?: string } }
  const folder = [sourceArn.split(':').at(-1), key?.prefix].join('/')
  return { folders: [folder], types: triggerType === 'oss' ? triggerConfig.events : [] }
}

// What a trigger does not take gets a 403 of the gateway, which says nothing of how to ask. OSS knows.
function methodsOf(name: string): readonly string[] {
  return name === 'upload-callback' ? ['POST'] : METHODS
}

function findIssuesOfTrigger(name: string, { triggerType, triggerConfig }: Trigger): string[] {
  const methods = methodsOf(name)
  const checks: [boolean, string][] = [
    [triggerType === 'http', 'its trigger is not http'],
    [triggerConfig.authType === 'anonymous', 'authType is not anonymous'],
    [String(triggerConfig.methods) === String(methods), `methods are not ${methods}`],
    [
      Object.keys(triggerConfig).every((key) => TRIGGER_KEYS.includes(key)),
      'unknown key in triggerConfig',
    ],
  ]
  return checks.filter(([holds]) => !holds).map(([, issue]) => issue)
}

/** Returns a manifest resolved, with sample values for what only a deployer has and the environment lacks. */
export function readManifest(file = 's.yaml', environment: NodeJS.ProcessEnv = {}): Manifest {
  const set = Object.entries(environment).filter(([, value]) => value)
  const preview = runServerlessDevs(['preview', '-o', 'json', '-t', file], {
    environment: Object.fromEntries(set),
  })
  return JSON.parse(preview.slice(preview.indexOf('{'), preview.lastIndexOf('}') + 1))
}

async function main(): Promise<void> {
  const functions = readdirSync(join(root, 'functions')).map((file) => basename(file, '.ts'))
  const rules = await loadRules(join(root, 'rules.ts'))
  const read = (file: string) => readFileSync(join(root, file), 'utf8')
  report('s.yaml', [
    ...findTriggerDrift(read('s.yaml'), rules),
    ...findManifestIssues(readManifest(), functions, rules),
  ])
  report(WEB_SERVER_MANIFEST, [
    ...findWebServerDrift(read(WEB_SERVER_MANIFEST), read('s.yaml')),
    ...findManifestIssues(readManifest(WEB_SERVER_MANIFEST), toServedNames(functions), rules),
  ])
  console.log(`s.yaml: ${functions.length} functions and their consumer, as built`)
  const component = process.env.FC3_COMPONENT ?? OFFLINE_COMPONENT
  if (!existsSync(component)) {
    console.log(`s verify not run: no offline fc3 component at ${component} (set FC3_COMPONENT)`)
    return
  }
  for (const file of ['s.yaml', WEB_SERVER_MANIFEST]) {
    runServerlessDevs(['verify', '-t', file], { component })
  }
  verifyFolders(component)
  console.log('s verify: passed, and with triggers for one, ten and thirty folders')
}

/**
 * Verifies the manifests of rules with one folder, ten (each with its trigger) and thirty (with one of EventBridge), whatever
 * the rules of this project are; throws where the component refuses one.
 * @internal
 */
export function verifyFolders(component: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'oss-direct-verify-'))
  const manifest = readFileSync(join(root, 's.yaml'), 'utf8')
  const file = join(folder, 's.yaml')
  try {
    for (const count of [1, 10, 30]) {
      const rules = Array.from({ length: count }, (_, at) => [
        `rule${at}`,
        { key: `folder-${at}/{sub}/{uuid}`, upload: {} },
      ])
      writeFileSync(file, writeTriggers(manifest, defineRules(Object.fromEntries(rules))))
      runServerlessDevs(['verify', '-t', file], { component })
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function report(file: string, issues: readonly string[]): void {
  if (issues.length > 0) throw new Error(`${file}:\n  ${issues.join('\n  ')}`)
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  })
}
