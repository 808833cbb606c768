import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

const ROOT = resolve(__dirname, '../../..')
const TSX = join(ROOT, 'node_modules/.bin/tsx')

// Each writes down how it was called. What needs neither an account nor long is run in truth.
const PROGRAMS: Readonly<Record<string, string>> = {
  npm: `[ "$1" != run ] || node -e 'process.exit(process.argv[1] in require("./package.json").scripts ? 0 : 1)' "$2" ||
  { echo "npm has no script $2" >&2; exit 1; }
case "$*" in
  'run settings') exec ${TSX} ${ROOT}/tools/settings.ts ;;
  'run rules' | 'run manifest') exec ${TSX} ${ROOT}/local/bin.ts "$2" ;;
esac`,
  npx: `case "$1 $2" in
  's deploy') : "$AccountID" "$AccessKeyID" "$AccessKeySecret" ;;
  'oss-direct roles') shift; exec ${TSX} ${ROOT}/local/bin.ts "$@" ;;
  'oss-direct doctor') printf %s "$OSS_DIRECT_TOKEN" > "$here/token" ;;
  *) echo "there is no $1 $2" >&2; exit 1 ;;
esac`,
  aliyun: `case "$*" in
  *' Get'*) echo EntityNotExist; exit 1 ;;
  *' get-bucket-cors '*) echo NoSuchCORSConfiguration; exit 1 ;;
  *' get-bucket-lifecycle '*) echo NoSuchLifecycle; exit 1 ;;
esac`,
  git: '',
  curl: '',
}

export type DryRun = { status: number | null; stdout: string; stderr: string; calls: string[] }

/** Returns the blocks of a document in this language, in their order. */
export function blocksOf(document: string, language: string): string[] {
  const blocks = document.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))
  return Array.from(blocks, ([, block = '']) => block)
}

/** Makes a folder like a clone of this project, where the shell blocks of documents run with stubs of all that is outside. */
export function openDryRun() {
  const folder = mkdtempSync(join(tmpdir(), 'oss-direct-reader-'))
  const bin = join(folder, 'stubs')
  const clone = join(folder, 'clone')
  mkdirSync(bin)
  mkdirSync(clone)
  // Not what the blocks write, which would be written into the project through the link.
  const isOwn = (name: string) =>
    name === '.env.example' || !(name.startsWith('.') || /^roles\.(sh|txt)$/.test(name))
  for (const name of readdirSync(ROOT).filter(isOwn)) {
    symlinkSync(join(ROOT, name), join(clone, name))
  }
  for (const [name, text] of Object.entries(PROGRAMS)) {
    const start = `#!/bin/bash\nset -u\nhere=\${0%/*}\necho "${name} $*" >> "$here/calls"\n`
    writeFileSync(join(bin, name), `${start}${text}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  /** Runs these blocks one after the other in one shell, which stops at the first thing that is wrong. */
  function run(blocks: readonly string[]): DryRun {
    rmSync(join(bin, 'calls'), { force: true })
    const { status, stdout, stderr } = spawnSync(
      'bash',
      ['-c', ['set -euo pipefail', ...blocks].join('\n')],
      {
        cwd: clone,
        encoding: 'utf8',
        env: { HOME: folder, PATH: [bin, dirname(process.execPath), '/usr/bin:/bin'].join(':') },
      },
    )
    const calls = join(bin, 'calls')
    const lines = existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : []
    return { status, stdout, stderr, calls: lines }
  }
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  return { run, read, close: async () => rmSync(folder, { recursive: true, force: true }) }
}
