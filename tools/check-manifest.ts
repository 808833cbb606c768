import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { SETTING_NAMES } from '../shared/settings'

const root = resolve(__dirname, '..')
const MAX_ENVIRONMENT_BYTES = 4096
const LOCAL_ONLY = ['CALLBACK_KEY_URL', 'CALLBACK_KEY']
const TRIGGER_KEYS = ['authType', 'methods', 'disableURLInternet']
const OFFLINE_COMPONENT = resolve(root, '../shared/fc3')

/** Values for the variables that have no default, so that the manifest resolves without a deployer. */
const SAMPLE = {
  OSS_BUCKET: 'sample-bucket',
  DOMAIN: 'upload.example.com',
  CERTIFICATE_ID: '1234567',
  AUTH_ISSUER: 'https://login.example.com',
  AUTH_AUDIENCE: 'oss-direct',
  AUTH_JWKS_URL: 'https://login.example.com/jwks.json',
  TICKET_SECRETS: '0123456789abcdef0123456789abcdef',
  STS_ROLE_ARN: 'acs:ram::1234567890123456:role/oss-direct-delegate',
  ROLE_STS: 'acs:ram::1234567890123456:role/oss-direct-sts',
  ROLE_SIGNED_URL: 'acs:ram::1234567890123456:role/oss-direct-signed-url',
  ROLE_POST_POLICY: 'acs:ram::1234567890123456:role/oss-direct-post-policy',
  ROLE_UPLOAD_CALLBACK: 'acs:ram::1234567890123456:role/oss-direct-upload-callback',
}

type Trigger = { triggerType: string; triggerConfig: Record<string, unknown> }
type Props = {
  code: string
  role: string
  handler: string
  environmentVariables: Record<string, string>
  instanceLifecycleConfig: { initializer: { handler: string } }
  triggers: Trigger[]
  customDomain: { route: { path: string } }
}
type Manifest = { resources: Record<string, { props: Props }> }

/** What the component's schema lets pass: faults of `s.yaml`, one sentence each. */
export function manifestFaults(manifest: Manifest, functionNames: readonly string[]): string[] {
  const resources = Object.entries(manifest.resources)
  const roles = resources.map(([, { props }]) => props.role)
  return [
    ...missing(functionNames, Object.keys(manifest.resources)),
    ...(new Set(roles).size < roles.length ? ['two functions share a role'] : []),
    ...resources.flatMap(([name, { props }]) =>
      functionFaults(name, props).map((fault) => `${name}: ${fault}`),
    ),
  ]
}

function missing(functions: readonly string[], resources: readonly string[]): string[] {
  return [
    ...functions.filter((name) => !resources.includes(name)).map((name) => `${name}: not deployed`),
    ...resources.filter((name) => !functions.includes(name)).map((name) => `${name}: no function`),
  ]
}

function functionFaults(name: string, props: Props): string[] {
  const environment = Object.entries(props.environmentVariables)
  const deployed = SETTING_NAMES.filter((setting) => !LOCAL_ONLY.includes(setting))
  const names = environment.map(([key]) => key)
  const checks: [boolean, string][] = [
    [props.code === `./dist/${name}`, 'code is not its folder in dist/'],
    [props.handler === 'index.handler', 'handler is not index.handler'],
    [props.instanceLifecycleConfig.initializer.handler === 'index.initializer', 'no initializer'],
    [props.customDomain.route.path === `/${name}`, 'its route is not its name'],
    [deployed.every((setting) => names.includes(setting)), 'a setting is missing'],
    [names.every((key) => deployed.includes(key)), 'an environment variable is no setting'],
    [names.every((key) => !key.startsWith('FC_')), 'FC_* is reserved'],
    [environment.flat().join('').length <= MAX_ENVIRONMENT_BYTES, 'environment over 4 KB'],
    [props.triggers.length === 1, 'needs exactly one trigger'],
  ]
  const failed = checks.filter(([holds]) => !holds).map(([, fault]) => fault)
  return [...failed, ...props.triggers.flatMap((trigger) => triggerFaults(name, trigger))]
}

function triggerFaults(name: string, { triggerType, triggerConfig }: Trigger): string[] {
  const methods = name === 'upload-callback' ? ['POST'] : ['POST', 'OPTIONS']
  const checks: [boolean, string][] = [
    [triggerType === 'http', 'its trigger is not http'],
    [triggerConfig.authType === 'anonymous', 'authType is not anonymous'],
    [String(triggerConfig.methods) === String(methods), `methods are not ${methods}`],
    [
      Object.keys(triggerConfig).every((key) => TRIGGER_KEYS.includes(key)),
      'unknown key in triggerConfig',
    ],
  ]
  return checks.filter(([holds]) => !holds).map(([, fault]) => fault)
}

function runServerlessDevs(args: string[], component: string): string {
  return execFileSync(join(root, 'node_modules/.bin/s'), args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...SAMPLE, FC3_COMPONENT: component },
  })
}

function main(): void {
  const preview = runServerlessDevs(['preview', '-o', 'json'], 'fc3')
  const manifest = JSON.parse(preview.slice(preview.indexOf('{'), preview.lastIndexOf('}') + 1))
  const functions = readdirSync(join(root, 'functions')).map((file) => basename(file, '.ts'))
  const faults = manifestFaults(manifest, functions)
  if (faults.length > 0) throw new Error(`s.yaml:\n  ${faults.join('\n  ')}`)
  console.log(`s.yaml: ${functions.length} functions, as built`)
  const component = process.env.FC3_COMPONENT ?? OFFLINE_COMPONENT
  if (!existsSync(component)) {
    console.log(`s verify not run: no offline fc3 component at ${component} (set FC3_COMPONENT)`)
    return
  }
  runServerlessDevs(['verify'], component)
  console.log('s verify: passed')
}

if (require.main === module) {
  try {
    main()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
