import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildFunctions } from '../../../tools/build/functions'

/** A function's instance in a process of its own, as Function Compute runs it. */
export type OwnProcess = {
  /** What the handler returned, or undefined when the process died first. */
  invoke: (event: object) => Promise<{ statusCode: number; body: string } | undefined>
  /** The most memory that it had so far. */
  peakMib: () => Promise<number>
  /** kill -9; returns true. */
  kill: () => boolean
  stop: () => Promise<void>
}

const RUNNER = `
const { handler } = require(process.argv[2])
process.on('message', async ({ id, event, context }) => {
  if (!event) return process.send({ id, value: process.resourceUsage().maxRSS / 1024 })
  const value = await handler(Buffer.from(JSON.stringify(event)), context)
  process.send({ id, value })
})
process.send('ready')
`

const children = new Set<ChildProcess>()

/** Builds the functions once for all processes of a test; `start` runs one of them. */
export async function buildForProcesses(rulesFile: string) {
  const folder = mkdtempSync(join(tmpdir(), 'oss-direct-process-'))
  const runner = join(folder, 'runner.js')
  writeFileSync(runner, RUNNER)
  const outDir = join(folder, 'functions')
  await buildFunctions({ outDir, rulesFile })
  return {
    start: (name: string, instance: { env: Record<string, string>; credentials: object }) =>
      startProcess([runner, join(outDir, name, 'index.js')], instance),
    remove: () => {
      for (const child of children) child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function startProcess(
  [runner = '', file = '']: string[],
  { env, credentials }: { env: Record<string, string>; credentials: object },
): Promise<OwnProcess> {
  const child = fork(runner, [file], {
    env,
    // Garbage is collected early, so that the peak is what is held.
    execArgv: ['--max-semi-space-size=1'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  children.add(child)
  const waiting = new Map<number, (value: never) => void>()
  const ended = new Promise<undefined>((resolve) => {
    child.once('exit', () => resolve(undefined))
  })
  await Promise.race([new Promise((resolve) => child.once('message', resolve)), ended])
  child.on('message', ({ id, value }: { id: number; value: never }) => waiting.get(id)?.(value))
  let count = 0
  const ask = <Value>(question: object): Promise<Value | undefined> => {
    const id = count++
    const answer = new Promise<never>((resolve) => {
      waiting.set(id, resolve)
    })
    child.send({ id, ...question })
    return Promise.race([answer, ended])
  }
  const context = { requestId: 'own', accountId: '1234567890123456', credentials }
  return {
    invoke: (event) => ask({ event, context }),
    peakMib: async () => (await ask<number>({})) ?? 0,
    kill: () => child.kill('SIGKILL'),
    stop: () => stopProcess(child, ended),
  }
}

async function stopProcess(child: ChildProcess, ended: Promise<undefined>): Promise<void> {
  child.kill()
  await ended
}
