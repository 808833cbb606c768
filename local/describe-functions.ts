import type { Rules } from '../shared/rules/rules'
import { CONSUMER, WEB_SERVER } from '../tools/build/functions'
import { triggerFolders } from '../tools/manifest'
import { OSS_EVENTS } from '../tools/oss-events'
import type { FunctionSpec } from './fc/functions'
import type { Trigger } from './fc/triggers'
import { roleArn } from './ram/account'
import type { DeployedFunction, DeployedTrigger } from './sts/apis/fc'

type Where = { accountId: string; region: string; bucket: string; routes: readonly Trigger[] }

/** Returns the functions as Function Compute's API would list them after `s deploy`. */
export function describeFunctions(
  specs: readonly FunctionSpec[],
  rules: Rules,
  where: Where,
): DeployedFunction[] {
  return specs.map(({ name, env, timeoutSeconds = 10 }) => ({
    functionName: `oss-direct-${name}`,
    runtime: name === WEB_SERVER ? 'custom.debian12' : 'nodejs20',
    handler: 'index.handler',
    ...{ memorySize: 512, cpu: 0.35, timeout: timeoutSeconds },
    role: roleArn(where.accountId, `oss-direct-${name}`),
    environmentVariables: name === CONSUMER ? {} : env,
    triggers: triggersOf(name, rules, where),
  }))
}

function triggersOf(name: string, rules: Rules, where: Where): DeployedTrigger[] {
  const { accountId, region, routes } = where
  if (name === 'upload-event') {
    return triggerFolders(rules).map(({ bucket = where.bucket, prefix }) => ({
      triggerName: prefix.replace(/\W+$/, ''),
      triggerType: 'oss',
      sourceArn: `acs:oss:${region}:${accountId}:${bucket}`,
      triggerConfig: { events: OSS_EVENTS, filter: { key: { prefix, suffix: '' } } },
    }))
  }
  if (name === 'upload-sweep') {
    return [{ triggerName: 'timer', triggerType: 'timer', triggerConfig: { enable: true } }]
  }
  const served = name === WEB_SERVER ? routes : routes.filter((each) => each.functionName === name)
  const methods = [...new Set(served.flatMap((each) => each.methods))]
  const http = { triggerName: 'http', triggerType: 'http' }
  return methods.length === 0
    ? []
    : [{ ...http, triggerConfig: { authType: 'anonymous', methods, disableURLInternet: true } }]
}
