import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem, type } from 'node:os'
import { join } from 'node:path'

// All groups of benchmarks, one after the other, into bench/results.md.
// Run: npm run bench, or npm run bench -- --quick

const ROOT = join(__dirname, '..')
const RESULTS = join(__dirname, 'results.md')
const GROUP = 'bench:'
const GiB = 1024 ** 3

/** What a group printed, and whether it ended well: one that keeps a budget no longer may end with an error. */
type Group = { name: string; output: string; seconds: number; isComplete: boolean }

async function main(): Promise<void> {
  const isQuick = process.argv.includes('--quick')
  await install()
  const loadBefore = load()
  const groups: Group[] = []
  for (const script of groupScripts()) {
    groups.push(await runGroup(script, isQuick))
    writeFileSync(RESULTS, toResults(groups, { isQuick, loadBefore }))
  }
  console.log(`Written: ${RESULTS}`)
  if (groups.some(({ isComplete }) => !isComplete)) process.exitCode = 1
}

// The peers are no dependencies of the project, and Chromium is no package.
async function install(): Promise<void> {
  for (const [command, ...args] of [
    ['npm', 'ci', '--prefix', __dirname, '--ignore-scripts'],
    ['npx', 'tsx', 'tools/chromium.ts'],
  ] as const) {
    const { code, output } = await run(command, args)
    if (code !== 0) throw new Error(`${command} ${args.join(' ')}: ${output}`)
  }
}

function groupScripts(): string[] {
  return Object.keys(readJson(join(ROOT, 'package.json')).scripts).filter((name) =>
    name.startsWith(GROUP),
  )
}

async function runGroup(script: string, isQuick: boolean): Promise<Group> {
  const name = script.slice(GROUP.length)
  console.log(`\n${name}`)
  const startedAt = performance.now()
  const env = isQuick ? { BENCH_QUICK: '1' } : {}
  const { code, output } = await run('npm', ['run', '--silent', script], env)
  process.stdout.write(output)
  const seconds = (performance.now() - startedAt) / 1000
  return { name, output, seconds, isComplete: code === 0 }
}

function run(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], { cwd: ROOT, env: { ...process.env, ...env } })
    let output = ''
    const take = (chunk: Buffer) => {
      output += chunk
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('error', reject).on('close', (code) => resolve({ code, output }))
  })
}

type Conditions = { isQuick: boolean; loadBefore: string }

function toResults(groups: readonly Group[], { isQuick, loadBefore }: Conditions): string {
  const [cpu] = cpus()
  const lines = [
    '# Results of the benchmarks',
    `Written by \`npm run bench${isQuick ? ' -- --quick' : ''}\`. docs/measures.md tells how to read it.`,
    [
      `- date: ${new Date().toISOString().slice(0, 10)}`,
      `- machine: ${cpus().length} x ${cpu?.model.trim()}, ${Math.round(totalmem() / GiB)} GiB, ${type()}`,
      `- load before: ${loadBefore}; after: ${load()}`,
      `- versions: ${versions()}`,
      '- method: each case in processes of its own, in turns with the others; a call takes the CPU time of its process, garbage included, the median of all processes; a cold start is the 10th percentile of all. Ratios are of one run. Absolute times hold for this machine alone.',
    ].join('\n'),
    ...groups.map(toSection),
  ]
  return `${lines.join('\n\n')}\n`
}

function toSection({ name, output, seconds, isComplete }: Group): string {
  const state = isComplete ? '' : ', ended with an error or a missed budget'
  const text = output.trim().replaceAll(ROOT, '.')
  return `## ${name}\n\n${seconds.toFixed(0)} s${state}\n\n\`\`\`text\n${text}\n\`\`\``
}

function versions(): string {
  const ours = readJson(join(ROOT, 'package.json')).dependencies
  const peers = readJson(join(__dirname, 'package.json')).dependencies
  const { node, openssl, v8 } = process.versions
  const packages = {
    'ali-oss': ours['ali-oss'],
    '@alicloud/sts20150401': ours['@alicloud/sts20150401'],
  }
  return Object.entries({ node, openssl, v8, ...packages, ...peers })
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')
}

function load(): string {
  return (loadavg()[0] ?? Number.NaN).toFixed(1)
}

type Manifest = { scripts: Record<string, string>; dependencies: Record<string, string> }

function readJson(file: string): Manifest {
  return JSON.parse(readFileSync(file, 'utf8'))
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
