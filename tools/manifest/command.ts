import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { FUNCTION_NAMES } from '../../shared/env/function-settings'
import type { Rules } from '../../shared/rules/rules'
import { WEB_SERVER } from '../build/functions'
import { findManifestIssues, type Manifest, readManifest } from '../check-manifest'
import type { OptionTypes, Tool, Values } from '../command-line'
import { type Finding, report } from '../findings'
import { loadRules } from '../load-rules'
import { findTriggerDrift, triggerFolders, WRITE_COMMAND, writeTriggers } from '../manifest'
import { checkSettings } from '../settings'
import {
  findWebServerDrift,
  toServedNames,
  toWebServerManifest,
  WEB_SERVER_MANIFEST,
} from '../web-server-manifest'
import { findRefusals } from './refusals'

const HELP = `Says whether s.yaml is what the rules and the settings come to, and what Function Compute would refuse of it.
  oss-direct manifest [--write | --print] [--json] [--rules FILE] [--manifest FILE]
Settings come from the environment; what is not set there has a sample value.
  --write          writes the triggers of the rules' folders into s.yaml, and s.web-server.yaml
                   where there is one
  --print          prints s.yaml resolved, as JSON: what would be deployed, secrets blanked
  --rules FILE     the rules; rules.ts by default
  --manifest FILE  the manifest; s.yaml by default
  --json           prints JSON
  --help           prints this; --version the version

Example:
  oss-direct manifest --write`

const OPTIONS = {
  write: { type: 'boolean' },
  print: { type: 'boolean' },
  json: { type: 'boolean' },
  rules: { type: 'string', default: 'rules.ts' },
  manifest: { type: 'string', default: 's.yaml' },
} as const satisfies OptionTypes

type Environment = Readonly<Record<string, string | undefined>>

async function run({ write, print, json, rules: rulesFile = '', manifest: file = '' }: Values) {
  const rules = await loadRules(rulesFile)
  const text = readFileSync(file, 'utf8')
  if (write !== undefined) {
    const written = writeTriggers(text, rules)
    if (written !== text) writeFileSync(file, written)
    const serverFile = webServerFile(file)
    if (serverFile) writeFileSync(serverFile, toWebServerManifest(written))
    console.log(`${file}: triggers of ${triggerFolders(rules).length} folders, as in the rules`)
    return 0
  }
  if (print !== undefined) {
    console.log(JSON.stringify(readManifest(file, process.env), blankSecrets, 2))
    return 0
  }
  const findings = [
    ...examineTriggers(text, rules),
    ...examineWebServer(file, text),
    ...examineSettings(process.env, rules),
    ...examine(file, rules),
  ]
  return report(findings, json !== undefined)
}

function examineTriggers(text: string, rules: Rules): Finding[] {
  const subject = 'triggers'
  try {
    const drift = findTriggerDrift(text, rules)
    if (drift.length > 0)
      return [
        {
          state: 'wrong',
          subject,
          what: 'are not those of the rules',
          why: 'an upload without callback is never reported',
          fix: WRITE_COMMAND,
        },
      ]
    return [
      {
        state: 'ok',
        subject,
        what: `are those of the rules: ${triggerFolders(rules).length} folders`,
      },
    ]
  } catch (error) {
    return [{ state: 'wrong', subject, what: (error as Error).message }]
  }
}

// Beside the manifest, where the project deploys the web server.
function webServerFile(manifest: string): string | undefined {
  const file = join(dirname(manifest), WEB_SERVER_MANIFEST)
  return existsSync(file) && file !== join(manifest) ? file : undefined
}

function examineWebServer(manifest: string, text: string): Finding[] {
  const file = webServerFile(manifest)
  if (file === undefined) return []
  const subject = 'web server'
  const [what] = findWebServerDrift(readFileSync(file, 'utf8'), text)
  if (what === undefined)
    return [{ state: 'ok', subject, what: `of ${WEB_SERVER_MANIFEST} is that of s.yaml` }]
  return [{ state: 'wrong', subject, what, fix: WRITE_COMMAND }]
}

/** Says what is wrong with the settings, unless none are given. */
function examineSettings(environment: Environment, rules: Rules): Finding[] {
  const subject = 'settings'
  if (!environment.OSS_BUCKET)
    return [
      { state: 'ok', subject, what: 'are not in the environment: looked at with sample values' },
    ]
  try {
    checkSettings(environment, rules)
    return [{ state: 'ok', subject, what: 'are right' }]
  } catch (error) {
    return [{ state: 'wrong', subject, what: (error as Error).message, fix: 'docs/settings.md' }]
  }
}

function examine(file: string, rules: Rules): Finding[] {
  let manifest: Manifest
  try {
    manifest = readManifest(file, process.env)
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    const what = isMissing
      ? 'cannot be resolved without Serverless Devs'
      : `cannot be resolved: ${(error as Error).message}`
    return [
      {
        state: 'unknown',
        subject: 'functions',
        what,
        fix: 'npm install --save-dev @serverless-devs/s, and set what has no default',
      },
    ]
  }
  const issues = [
    ...findManifestIssues(manifest, namesIn(manifest), rules),
    ...Object.entries(manifest.resources).flatMap(([name, { props }]) =>
      findRefusals(props).map((issue) => `${name}: ${issue}`),
    ),
  ]
  if (issues.length === 0)
    return [
      { state: 'ok', subject: 'functions', what: 'are as Function Compute and the code need them' },
    ]
  return issues.map((issue) => {
    const [, subject = '', what = ''] = /^([\w-]+): (.*)$/s.exec(issue) ?? ['', 'functions', issue]
    return { state: 'wrong', subject, what, fix: 'change it in s.yaml' }
  })
}

// The web server stands in one of the two manifests, for the functions that it replaces.
function namesIn({ resources }: Manifest): string[] {
  const functions = FUNCTION_NAMES.filter((name) => name !== WEB_SERVER)
  return WEB_SERVER in resources ? toServedNames(functions) : functions
}

// `--print` is for reading and for files that others see.
function blankSecrets(name: string, value: unknown): unknown {
  return /SECRET|DENIED_TOKENS/.test(name) && value ? '…' : value
}

/** The command `oss-direct manifest`. */
export const command: Tool = { help: HELP, options: OPTIONS, run }
