import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { build } from 'esbuild'
import type { Rules } from '../shared/rules/rules'
import { type Build, buildOnce } from './build/build-cache'
import { findRulesFile, RULES_ALIAS } from './rules-file'

/**
 * Returns the rules that a file exports as its default; throws with every issue that they have, or
 * with the invalid line.
 */
export async function loadRules(
  rulesFile: string,
  options: { folder?: string; wayOut?: string } = {},
): Promise<Rules> {
  const file = findRulesFile(rulesFile)
  const { wayOut = 'Name another file with --rules FILE.' } = options
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'oss-direct-'))
  try {
    const rules = await loadDefault(file, join(folder, `rules-${randomUUID()}.cjs`))
    if (rules instanceof Map) return rules
  } finally {
    if (options.folder === undefined) rmSync(folder, { recursive: true, force: true })
  }
  throw new Error(`${file} must export the result of defineRules(…) as its default. ${wayOut}`)
}

async function loadDefault(file: string, outfile: string): Promise<unknown> {
  const kind = { name: 'rules', options: { file }, builders: [__filename] }
  const files = await buildOnce(kind, () => bundleRules(file))
  const [code, map] = [toText(files.code), toText(files.map)]
  writeFileSync(outfile, code)
  try {
    return (require(outfile) as { default?: unknown }).default
  } catch (error) {
    throw nameLine(error, { file, outfile, map })
  }
}

function toText(contents: Uint8Array = new Uint8Array()): string {
  return Buffer.from(contents).toString()
}

async function bundleRules(file: string): Promise<Build> {
  const { outputFiles, metafile } = await build({
    entryPoints: [file],
    // Not written: the sources in its map are named from here.
    outfile: join(dirname(file), 'rules.cjs'),
    write: false,
    metafile: true,
    sourcemap: 'external',
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    alias: RULES_ALIAS,
    logLevel: 'silent',
  })
  const contentsOf = (ending: string) =>
    outputFiles.find(({ path }) => path.endsWith(ending))?.contents ?? new Uint8Array()
  return {
    files: { code: contentsOf('.cjs'), map: contentsOf('.cjs.map') },
    sources: Object.keys(metafile.inputs).map((path) => resolve(path)),
  }
}

// What the module itself threw, defineRules among it, with the line of the file that it came from.
function nameLine(
  error: unknown,
  { file, outfile, map }: { file: string; outfile: string; map: string },
): unknown {
  if (!(typeof error === 'object' && error !== null && 'stack' in error)) return error
  const { stack, message } = error as Error
  const sources = new SourceMap(JSON.parse(map))
  const frames = String(stack).split(`${outfile}:`).slice(1)
  for (const frame of frames) {
    const [line = 1, column = 1] = frame.split(/\D/).map(Number)
    const entry = sources.findEntry(line - 1, column - 1)
    if (!('originalSource' in entry)) continue
    if (resolve(dirname(file), entry.originalSource) !== file) continue
    return new Error(`${file}:${entry.originalLine + 1}: ${message}`, { cause: error })
  }
  return error
}
