import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  OPTIONS_HELP,
  parseServerOptions,
  SERVER_OPTIONS,
  type ServerOptions,
} from '../server/options'
import { buildFunctions, WEB_SERVER } from './build/functions'
import { type OptionTypes, runTool, UsageError, type Values } from './command-line'
import { findRulesFile } from './rules-file'

const HELP = `Serves /sts, /signed-url, /post-policy and /upload-callback in one process, with the settings and credentials in the
environment. SIGTERM stops it.

  oss-direct serve [--port N] [--rules FILE]

${OPTIONS_HELP}
  --rules FILE         the rules (rules.ts)
  --help               prints this; --version the version

Example:
  oss-direct serve --port 8080`

const OPTIONS = {
  ...SERVER_OPTIONS,
  rules: { type: 'string', default: 'rules.ts' },
} as const satisfies OptionTypes

type Bundle = { serve: (options: ServerOptions) => Promise<number> }

/** Runs the command: builds the web server with the rules, and serves until a signal ends it. */
export function serve(argv: readonly string[]): Promise<number> {
  return runTool(argv, { help: HELP, options: OPTIONS, run })
}

async function run(values: Values): Promise<number> {
  const { options, issues } = parseServerOptions(values)
  if (issues.length > 0) throw new UsageError(issues.join('\n'))
  const rulesFile = findRulesFile(values.rules ?? OPTIONS.rules.default)
  const outDir = mkdtempSync(join(tmpdir(), 'oss-direct-serve-'))
  try {
    const built = await buildFunctions({ outDir, rulesFile, webServer: true })
    const { file = '' } = built.find(({ name }) => name === WEB_SERVER) ?? {}
    return await (require(file) as Bundle).serve(options)
  } finally {
    rmSync(outDir, { recursive: true, force: true })
  }
}

if (require.main === module) {
  void serve(process.argv.slice(2)).then((status) => {
    process.exitCode = status
  })
}
