import { createHash } from 'node:crypto'
import type { Rules } from '../shared/rules/rules'
import { toEventBridgeLines } from './event-bridge'
import { OSS_EVENTS } from './oss-events'

/** The command that makes s.yaml agree with the rules again. */
export const WRITE_COMMAND = 'npm run manifest -- --write'

// Function Compute: OSS triggers, limits. Those of other applications count, too.
const MAX_TRIGGERS = 10
const OWN_BUCKET = `\${env('OSS_BUCKET')}`
// Function Compute: names of triggers have 1 to 128 characters.
const MAX_NAME = 100
const BLOCK =
  /(^ *# From rules\.ts, by `[^`]+`.*\n)( *)triggers:[\s\S]*?(?=^ *# End of what comes from rules\.ts)/m

/** A folder that a rule lets callers upload to; the deployment's own bucket when it names none. */
export type Folder = { bucket?: string; prefix: string }

/**
 * The folders that need a trigger, none inside another, since OSS refuses triggers that overlap. Where a bucket has more
 * than it may have triggers, their first folders; where these are still too many, all folders again, for EventBridge.
 */
export function triggerFolders(rules: Rules): Folder[] {
  const prefixes = new Map<string | undefined, string[]>()
  for (const { bucket, template, upload } of rules.values()) {
    if (upload) prefixes.set(bucket, [...(prefixes.get(bucket) ?? []), template.literalPrefix])
  }
  return [...prefixes].flatMap(([bucket, all]) =>
    fitLimit(all).map((prefix) => ({ ...(bucket !== undefined && { bucket }), prefix })),
  )
}

function fitLimit(all: readonly string[]): string[] {
  const outer = outermost(all)
  if (outer.length <= MAX_TRIGGERS) return outer
  const first = outermost(outer.map((prefix) => prefix.slice(0, prefix.indexOf('/') + 1)))
  return first.length <= MAX_TRIGGERS ? first : outer
}

function outermost(prefixes: readonly string[]): string[] {
  const isOuter = (prefix: string) =>
    !prefixes.some((other) => other !== prefix && prefix.startsWith(other))
  return [...new Set(prefixes.filter(isOuter))]
}

/** Returns this manifest with the triggers of these rules; throws where it has no place for them. */
export function writeTriggers(manifest: string, rules: Rules): string {
  if (!BLOCK.test(manifest)) {
    throw new Error('s.yaml has lost the two comments around the triggers that come from rules.ts')
  }
  const folders = triggerFolders(rules)
  return manifest.replace(BLOCK, (_, comment: string, indent: string) => {
    const lines = folders.length === 0 ? ['triggers: []'] : ['triggers:', ...toTriggers(folders)]
    return `${comment}${lines.map((line) => `${indent}${line}\n`).join('')}`
  })
}

// A bucket has a trigger of its own for each folder, or one of EventBridge for more folders than it may have triggers.
function toTriggers(folders: readonly Folder[]): string[] {
  const byBucket = new Map<string | undefined, Folder[]>()
  for (const folder of folders) {
    byBucket.set(folder.bucket, [...(byBucket.get(folder.bucket) ?? []), folder])
  }
  const isNative = (own: readonly Folder[]) => own.length <= MAX_TRIGGERS
  const all = [...byBucket.values()]
  return [
    ...all.filter(isNative).flat().flatMap(toYaml),
    ...all.filter((own) => !isNative(own)).flatMap(toEventBridgeYaml),
  ]
}

function toEventBridgeYaml(folders: readonly Folder[]): string[] {
  const [{ bucket } = {}] = folders
  const prefixes = folders.map(({ prefix }) => prefix)
  const lines = toEventBridgeLines(bucket ?? OWN_BUCKET, prefixes).map((line) => `    ${line}`)
  return [`  - triggerName: uploads${bucket === undefined ? '' : `-${bucket}`}`, ...lines]
}

function toYaml({ bucket, prefix }: Folder, at: number): string[] {
  const events =
    at === 0
      ? ['events: &uploads', ...OSS_EVENTS.map((event) => `  - ${event}`)]
      : ['events: *uploads']
  return [
    `  - triggerName: ${toTriggerName({ ...(bucket && { bucket }), prefix })}`,
    '    triggerType: oss',
    `    sourceArn: acs:oss:\${vars.region}:\${env('ACCOUNT_ID')}:${bucket ?? OWN_BUCKET}`,
    '    triggerConfig:',
    ...events.map((line) => `      ${line}`),
    `      filter: { key: { prefix: ${JSON.stringify(prefix)}, suffix: "" } }`,
  ]
}

// A folder's own name where that is a name of a trigger, and one that no other folder has otherwise; the same at every run.
function toTriggerName({ bucket, prefix }: Folder): string {
  const folder = prefix.slice(0, -1)
  if (
    bucket === undefined &&
    /^[A-Za-z][A-Za-z0-9_-]*$/.test(folder) &&
    folder.length <= MAX_NAME
  ) {
    return folder
  }
  const hash = createHash('sha256')
    .update(`${bucket ?? ''}/${prefix}`)
    .digest('hex')
    .slice(0, 8)
  return `uploads-${folder.replace(/[^A-Za-z0-9]+/g, '-').slice(0, MAX_NAME)}-${hash}`
}

/** Why this manifest does not fit these rules; empty where it does. */
export function findTriggerDrift(manifest: string, rules: Rules): string[] {
  if (writeTriggers(manifest, rules) === manifest) return []
  return [`its triggers are not those of rules.ts: run ${WRITE_COMMAND}`]
}
