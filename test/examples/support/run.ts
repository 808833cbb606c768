import { spawn } from 'node:child_process'

export type Ended = { status: number | null; stdout: string; stderr: string }

/** Runs a program of the examples to its end, in this folder and with these further variables. */
export async function runExample(
  [program = '', ...args]: readonly string[],
  { cwd = process.cwd(), env = {} }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  // Whatever the machine speaks: names of files are UTF-8.
  const variables = { ...process.env, LC_ALL: 'C.UTF-8', ...env }
  const child = spawn(program, args, { cwd, env: variables, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, ...output }))
  })
}
