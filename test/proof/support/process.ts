import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildFunctions } from '../../../tools/build/functions'

/** A function's instance in a process of its own, as Function Compute runs it. */
export type OwnProcess = {
  /** What the handler returned, or undefined when the process died first. */
  invoke: (event: object) => Promise<{ statusCode: number; body: string } | undefined>
  /** kill -9. */
  kill: () => void
  stop: () => Promise<void>
}

const RUNNER = `
const { handler } = require(process.argv[2])
process.on('message', async ({ id, event, context }) => {
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
    execArgv: [],
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
  return {
    invoke: (event) => {
      const id = count++
      const context = { requestId: `own-${id}`, accountId: '1234567890123456', credentials }
      const answer = new Promise<never>((resolve) => {
        waiting.set(id, resolve)
      })
      child.send({ id, event, context })
      return Promise.race([answer, ended])
    },
    kill: () => child.kill('SIGKILL'),
    stop: () => stopProcess(child, ended),
  }
}

async function stopProcess(child: ChildProcess, ended: Promise<undefined>): Promise<void> {
  child.kill()
  await ended
}
