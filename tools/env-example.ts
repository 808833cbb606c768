import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startTool, type Tool } from './command-line'

const HELP = `Writes .env.example: every setting in docs/settings.md, and what s.yaml reads beside them.

  npm run env-example

  --help  prints this; --version the version`

const root = join(__dirname, '..')

// What s.yaml alone reads.
const DEPLOYMENT: readonly (readonly [string, string])[] = [
  ['DOMAIN', 'the custom domain of the functions, without https://'],
  ['CERTIFICATE_ID', 'its RSA certificate in Certificate Management Service'],
  ['ACCOUNT_ID', 'the Alibaba Cloud account, 16 digits'],
  ['ROLE_STS', 'the ARN of the role of each function: npm run roles'],
  ['ROLE_SIGNED_URL', ''],
  ['ROLE_POST_POLICY', ''],
  ['ROLE_UPLOAD_CALLBACK', ''],
  ['ROLE_UPLOAD_EVENT', ''],
  ['ROLE_UPLOAD_SWEEP', ''],
  ['SWEEP_SCHEDULE', 'how often what is owed is delivered, as a timer of Function Compute says it'],
  ['ROLE_WEB_SERVER', 'that of the web server, in place of the first four: docs/web-server.md'],
]
const START = `# What a deployment reads (docs/deploy.md). Copy to .env, fill in, then: set -a; . ./.env; set +a
# Made of docs/settings.md and s.yaml by npm run env-example.`

/** The text of .env.example for this docs/settings.md and this s.yaml; what must be set stands without a #. */
export function toEnvExample(settings: string, manifest: string): string {
  const fallbacks = new Map(
    Array.from(manifest.matchAll(/\$\{env\('(\w+)'(?:, '([^']*)')?\)\}/g), ([, name, value]) => [
      name,
      value,
    ]),
  )
  const sections = settings
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [title = ''] = section.split('\n', 1)
      const rows = Array.from(section.matchAll(/^\| `([A-Z_]+)` *\| (.*?) *\|$/gm))
      const lines = rows.map(([, name = '', text = '']) => {
        const isRequired = title === 'Required' && fallbacks.has(name)
        const line = `${isRequired ? '' : '# '}${name}=${fallbacks.get(name) ?? ''}`
        return toEntry(toPlain(text), line)
      })
      return lines.length > 0 ? [`## ${title}`, ...lines].join('\n') : ''
    })
  const deployment = DEPLOYMENT.map(([name, text]) => {
    const fallback = fallbacks.get(name)
    return toEntry(text, fallback === undefined ? `${name}=` : `# ${name}=${fallback}`)
  })
  const all = [START, ['## Deployment', ...deployment].join('\n'), ...sections]
  return `${all.filter(Boolean).join('\n\n')}\n`
}

function toEntry(text: string, line: string): string {
  return text === '' ? line : `# ${text}\n${line}`
}

// A description of a table of Markdown.
function toPlain(text: string): string {
  return text.replaceAll('`', '').replaceAll('\\|', '|')
}

async function write(): Promise<void> {
  const [settings = '', manifest = ''] = ['docs/settings.md', 's.yaml'].map((file) =>
    readFileSync(join(root, file), 'utf8'),
  )
  writeFileSync(join(root, '.env.example'), toEnvExample(settings, manifest))
}

/** The command `npm run env-example`. @internal */
export const command: Tool = { help: HELP, run: write }

if (require.main === module) startTool(command)
