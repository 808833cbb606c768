import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { SAMPLE } from './sample-deployment'

type Run = { component?: string | undefined; environment?: NodeJS.ProcessEnv }

/**
 * Runs Serverless Devs, from the folder's own packages or from those that the PATH names, with sample values for what
 * neither the environment nor the manifest sets; returns what it prints.
 */
export function runServerlessDevs(args: string[], { component, environment = {} }: Run): string {
  const own = resolve('node_modules/.bin/s')
  return execFileSync(existsSync(own) ? own : 's', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...SAMPLE, ...environment, FC3_COMPONENT: component },
  })
}
