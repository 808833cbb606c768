import { checkCallbackRegion } from '../shared/env/callback-region'
import { parseSettings } from '../shared/env/settings'
import type { Rules } from '../shared/rules/rules'
import { startTool, type Tool } from './command-line'
import { loadRules } from './load-rules'

const HELP = `Checks the settings in the environment before a deployment, those of all functions together: each function sees
its own alone when it starts, and not that it shares a secret with another.

  npm run settings

  --help  prints this; --version the version`

type Environment = Readonly<Record<string, string | undefined>>

/** Throws one error that lists every issue of the settings that `s.yaml` makes of this environment. */
export function checkSettings(environment: Environment, rules: Rules): void {
  const { DOMAIN, OSS_REGION, OSS_INTERNAL_ENDPOINT } = environment
  const region = OSS_REGION || 'cn-hangzhou'
  parseSettings({
    ...environment,
    OSS_REGION: region,
    OSS_INTERNAL_ENDPOINT: OSS_INTERNAL_ENDPOINT || 'internal',
    CALLBACK_URL: `https://${DOMAIN}/upload-callback`,
  })
  checkCallbackRegion(rules, region)
}

async function printSettings(): Promise<void> {
  checkSettings(process.env, await loadRules('rules.ts'))
  console.log('The settings are right')
}

/** The command `npm run settings`. @internal */
export const command: Tool = { help: HELP, options: {}, run: printSettings }

if (require.main === module) startTool(command)
