import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import type { Rules } from '../shared/rules/rules'
import { buildPage, type PageFile } from '../tools/page'
import { controlRoutes, get } from './control'
import {
  bucketsOf,
  delegateArn,
  deploy,
  findRules,
  loadRules,
  type Surroundings,
} from './deployment'
import type { LocalRoute } from './fc/gateway'
import { createInvocations } from './fc/invocations'
import { createOssTrigger } from './fc/oss-trigger'
import { createTokenIssuer } from './idp'
import {
  type Base,
  BUCKETS,
  openFunctions,
  openGateway,
  openOss,
  openSts,
  REGION,
  type Started,
  toInfo,
} from './parts'
import { summarizeRules } from './rule-summaries'
import { type RulesUpdates, watchRules } from './rules-updates'

/** Starts OSS, STS, the functions with all that calls them, the token issuer and the page. */
export async function startAll(base: Base): Promise<Started> {
  const { options, clock, account, folder, journal, onClose } = base
  const { buckets = BUCKETS } = options
  const rulesFile = findRules(options.rules)
  let rules = await loadRules(rulesFile, folder)
  const functions = openFunctions(base)
  let updates: RulesUpdates | undefined
  let open = () => {}
  const isReleased = new Promise<void>((done) => {
    open = done
  })
  // The gateway listens before its functions are there: their first callers wait.
  const refresh = async () => {
    await isReleased
    await updates?.refresh()
  }
  const invocations = createInvocations({ account, functions, region: REGION, now: clock.now })
  onClose(invocations.close)
  const gateway = await openGateway(base, { functions, refresh, invocations })
  const trigger = createOssTrigger(invocations.queue)
  const oss = await openOss(base, bucketsOf(rules, buckets), trigger)
  const sts = await openSts(base)
  const info = { ...toInfo(base, { gateway, oss, sts }), roleArn: delegateArn(account) }
  const issuer = await createTokenIssuer({ issuer: gateway.url, now: clock.now })
  const { setFaults } = oss
  gateway.addRoutes(controlRoutes({ ...base, info, setFaults }))
  gateway.addRoutes([...issuer.routes, ...pageRoutes(await buildPage(oss.url))])
  gateway.addRoutes([
    get('/local/events', invocations.events),
    get('/local/rules', async () => {
      await refresh()
      return { rules: summarizeRules(rules) }
    }),
  ])
  const surroundings: Surroundings = {
    ...{ account, now: clock.now, bucket: info.bucket, region: info.region },
    ...{ gateway: gateway.url, oss: oss.url, sts: sts.url, callbackKey: oss.callbackKey },
    ...{ audience: issuer.audience, algorithm: issuer.algorithm },
    ticketSecret: randomBytes(32).toString('hex'),
    // The functions log a line for each request as well.
    settings: { ...(options.quiet && { LOG_LEVEL: 'warn' }), ...options.settings },
  }
  const release = async (latest: Rules) => {
    const consumerFile = options.consumer && resolve(options.consumer)
    await deploy({ functions, rules: latest, rulesFile, consumerFile, folder, surroundings })
    trigger.watch(latest, info.bucket)
    rules = latest
  }
  await release(rules)
  open()
  if (options.watch) {
    const rebuild = async () => release(await loadRules(rulesFile, folder))
    updates = watchRules({ file: rulesFile, rebuild, log: (text) => journal.note('local', text) })
    onClose(updates.close)
  }
  return { info, setFaults }
}

function pageRoutes(files: Readonly<Record<string, PageFile>>): LocalRoute[] {
  return Object.entries(files).map(([path, { contentType, body }]) => ({
    method: 'GET',
    path,
    answer: async () => ({
      status: 200,
      headers: { 'Content-Type': contentType, 'Cache-Control': 'no-cache' },
      body,
    }),
  }))
}
