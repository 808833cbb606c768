import * as fc from 'fast-check'
import { queryOf, toCaller } from './attempt'
import { type Limits, limits, maybe, mostly, rarely, sub } from './cases'
import { isCallerFit } from './naive'
import type { Answer, World } from './world'

/** What a caller asks to do with their own folder, and how the request that follows strays from it. */
export type FolderCase = {
  limits: Limits
  sub: string
  isPro: boolean
  path: 'in' | undefined
  stray: {
    verb: 'PUT' | 'DELETE' | undefined
    prefix: 'foreign' | 'all' | undefined
    flat: boolean
    query: boolean
  }
}

/** Requests to list a folder, honest and not. */
export const folderCase: fc.Arbitrary<FolderCase> = fc.record({
  limits,
  sub,
  isPro: mostly(true, false),
  path: maybe(fc.constant('in')),
  stray: fc.record({
    verb: rarely(fc.constantFrom('PUT', 'DELETE')),
    prefix: rarely(fc.constantFrom('foreign', 'all')),
    flat: mostly(false, true),
    query: mostly(false, true),
  }),
})

/** Whether the caller may list anything. */
export function mayAskList({ limits, isPro }: FolderCase): boolean {
  return isCallerFit(limits, isPro) && limits.lists
}

/** Whether the request strays from what was asked. */
export function isStray({ stray }: { stray: object }): boolean {
  return Object.values(stray).some((value) => value !== undefined && value !== false)
}

/** What a page of this folder names: its own files, and the folders in it. */
export function expectedNames({ path }: FolderCase, root: string): string[] {
  return path === undefined ? [`${root}a.png`, `${root}in/`] : [`${root}in/b.png`]
}

/** What an answer names: files, and folders, of whoever. */
export function namesIn({ body }: Answer): string[] {
  const names = [...body.matchAll(/<(?:Key|CommonPrefixes><Prefix)>([^<]*)</g)]
  return names.map(([, name = '']) => name).sort()
}

/** Asks to list a folder with files in it and beside it, and sends the request as the case strays. */
export async function tryList(
  world: World,
  one: FolderCase,
  root: string,
): Promise<{ refused: string } | Answer> {
  const { stray, path } = one
  const foreign = root.replace(/[^/]+\/$/, 'victim/')
  for (const key of [`${root}a.png`, `${root}in/b.png`, `${foreign}secret.png`]) {
    await world.sendSigned({ method: 'PUT', key, body: Buffer.from('old') })
  }
  const wish = { rule: 'files', operation: 'list', path }
  const answer = await world.ask('signed-url', toCaller(one), wish)
  if (typeof answer === 'string') return { refused: answer }
  const prefixes = { foreign, all: '' }
  const prefix = encodeURIComponent(stray.prefix ? prefixes[stray.prefix] : '')
  const query = queryOf(answer.url)
    .replace(/(^|&)prefix=[^&]*/, (own, mark) => (stray.prefix ? `${mark}prefix=${prefix}` : own))
    .replace(/(^|&)delimiter=[^&]*/, (own) => (stray.flat ? '' : own))
    .replace(/^&/, '')
  const url = `${world.objectUrl('')}?${query}${stray.query ? '&x=1' : ''}`
  return world.send(stray.verb ?? answer.method, url, answer.headers)
}
