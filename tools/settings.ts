import { parseSettings } from '../shared/env/settings'
import { startTool } from './command-line'

const HELP = `Checks the settings in the environment before a deployment, those of all functions together: each function sees
its own alone when it starts, and not that it shares a secret with another.

  npm run settings

  --help  prints this; --version the version`

type Environment = Readonly<Record<string, string | undefined>>

/** Throws one error that lists every issue of the settings that `s.yaml` makes of this environment. */
export function checkSettings(environment: Environment): void {
  const { DOMAIN, OSS_REGION } = environment
  parseSettings({
    ...environment,
    OSS_REGION: OSS_REGION || 'cn-hangzhou',
    CALLBACK_URL: `https://${DOMAIN}/upload-callback`,
  })
}

async function printSettings(): Promise<void> {
  checkSettings(process.env)
  console.log('The settings are right')
}

if (require.main === module) startTool({ help: HELP, options: {}, run: printSettings })
