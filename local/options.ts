import * as v from 'valibot'
import type { Issue } from '../shared/errors'
import { bucketName, dictionary, nonEmptyString, strictObject } from '../shared/schema/schema'
import { FAULT_RULES, NEEDS_OSS } from './fault-rules'
import { findIssues, InputError, isoTime } from './input'
import type { FaultRule } from './oss/faults'
import type { AccountSeed } from './ram/account'
import { findSeedIssues } from './seed'

/** The services of the cloud: `fc` is the functions, the page and the token issuer. */
export const SERVICES = ['oss', 'sts', 'fc'] as const

export type Service = (typeof SERVICES)[number]

/** The options of `startLocalCloud`; everything has a default. */
export type LocalCloudOptions = {
  /** The gateway's port; OSS and STS use the next two. 0 for three free ports. */
  port?: number
  host?: string
  /**
   * Further host names of the cloud, such as a container's; requests to other hosts are refused.
   */
  endpointHosts?: readonly string[]
  /** Hosts that callbacks may use beside the gateway: `name` or `name:port`. */
  callbackHosts?: readonly string[]
  /** The services to start, all when absent; `fc` requires the other two. */
  only?: readonly Service[]
  /** The folder of the objects; a temporary folder that `close` removes when absent. */
  dataDir?: string
  /** Created at the start; the first is the bucket of the functions. */
  buckets?: readonly string[]
  rules?: string
  /** The file of the consumer of upload events; the example when absent. */
  consumer?: string
  /** `web` runs the web server in place of the four functions with a route; `functions` by default. */
  server?: 'functions' | 'web'
  /** The maximum number of instances of each function; the number of cores when absent. */
  instances?: number
  /** Settings of the functions that add to or replace the defaults. */
  settings?: Readonly<Record<string, string>>
  /** Keys, users and roles. */
  seed?: AccountSeed
  /** The ISO time at which the clock starts. */
  clock?: string
  /** Faults that OSS applies to requests. */
  faults?: readonly FaultRule[]
  /** Rebuilds the functions when the rules file changes. */
  watch?: boolean
  /** Prints no line per request; errors and the functions' console output are still printed. */
  quiet?: boolean
  /** Prints JSON objects instead of lines for people. */
  json?: boolean
  /**
   * Receives the lines instead of the console: requests are printed to stdout, everything else to
   * stderr.
   */
  log?: (line: string) => void
}

/**
 * The response of `/local/info`: base URLs without a trailing slash, `''` for a service that is not
 * started.
 */
export type LocalInfo = {
  gateway: string
  /** For path style: `<oss>/<bucket>/<key>`. */
  oss: string
  sts: string
  bucket: string
  /** The bucket as a virtual host, which not every machine resolves: `<bucketUrl>/<key>`. */
  bucketUrl: string
  region: string
  /** The account's key, with every right on the buckets. */
  accessKeyId: string
  accessKeySecret: string
  /** A role that this key may assume. */
  roleArn: string
}

// The next two ports are used too.
const MAX_PORT = 65_533
const MAX_INSTANCES = 1000

const someServices = `must be some of ${SERVICES.join(',')}`

const HOST_NAME = /^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])$/i
const hostName = v.pipe(v.string(), v.regex(HOST_NAME, 'must be a host name, without a port'))
const hostAndPort = v.pipe(
  v.string(),
  v.check(
    (value) => HOST_NAME.test(value.replace(/:\d{1,5}$/, '')),
    'must be a host name, perhaps with a port: app.test:3000',
  ),
)

const OPTIONS = strictObject({
  port: v.optional(v.custom<number>(isPort, `must be a number from 0 to ${MAX_PORT}`)),
  host: v.optional(nonEmptyString),
  endpointHosts: v.optional(v.array(hostName)),
  callbackHosts: v.optional(v.array(hostAndPort)),
  only: v.optional(
    v.pipe(
      v.array(v.picklist(SERVICES, someServices)),
      v.check((names) => names.length > 0 && new Set(names).size === names.length, someServices),
      v.check(
        (names) => !names.includes('fc') || names.length === SERVICES.length,
        'must have oss and sts as well for the functions (fc)',
      ),
    ),
  ),
  dataDir: v.optional(nonEmptyString),
  buckets: v.optional(v.array(bucketName)),
  rules: v.optional(nonEmptyString),
  consumer: v.optional(nonEmptyString),
  server: v.optional(v.picklist(['functions', 'web'], 'must be functions or web')),
  instances: v.optional(v.custom<number>(isCount, `must be a number from 1 to ${MAX_INSTANCES}`)),
  settings: v.optional(dictionary(v.string(), v.string())),
  // Checked separately, below.
  seed: v.optional(v.unknown()),
  clock: v.optional(isoTime),
  faults: v.optional(FAULT_RULES),
  watch: v.optional(v.boolean()),
  quiet: v.optional(v.boolean()),
  json: v.optional(v.boolean()),
  log: v.optional(v.function('must be a function')),
})

/** Returns the options; throws an `InputError` with every issue. */
export function parseCloudOptions(value: unknown): LocalCloudOptions {
  const issues = findOptionIssues(value)
  if (issues.length > 0) throw new InputError('The options are', issues)
  return value as LocalCloudOptions
}

/** Returns every issue of these options, including those of the seed. */
export function findOptionIssues(value: unknown): Issue[] {
  const { seed, faults, only }: Record<string, unknown> = Object(value)
  const hasOss = !Array.isArray(only) || only.includes('oss')
  const hasFaults = Array.isArray(faults) && faults.length > 0
  return [
    ...findIssues(OPTIONS, value),
    ...(seed === undefined ? [] : findSeedIssues(seed)).map(({ path, message }) => ({
      path: ['seed', path].filter(Boolean).join('.'),
      message,
    })),
    ...(hasFaults && !hasOss ? [NEEDS_OSS] : []),
  ]
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_INSTANCES
}

function isPort(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_PORT
}
