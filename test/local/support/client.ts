import { resolve } from 'node:path'
import type { LocalCloudOptions } from '../../../local/options'
import { type LocalCloud, startLocalCloud } from '../../../local/start'
import { issueToken } from '../../support/token'

/** Rules with one rule, `notes`. */
export const RULES = resolve(__dirname, '../../support/rules/notes.ts')

const opened: LocalCloud[] = []
afterEach(async () => {
  for (const cloud of opened.splice(0)) await cloud.close()
})

/** Starts a cloud that is closed after the test. */
export async function openCloud(options: LocalCloudOptions = {}): Promise<LocalCloud> {
  const usual = { port: 0, rules: RULES, log: () => undefined }
  const cloud = await startLocalCloud({ ...usual, ...options })
  opened.push(cloud)
  return cloud
}

/** Returns a token of the local issuer. */
export async function tokenOf(
  { info }: LocalCloud,
  sub = 'alice',
  ttlSeconds = 3600,
): Promise<string> {
  return issueToken(info, { sub, ttlSeconds })
}

/** Requests a URL that stores a string of five bytes. */
export async function signUrl(cloud: LocalCloud, filename = 'a.txt', token?: string) {
  const answer = await fetch(`${cloud.info.gateway}/signed-url`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token ?? (await tokenOf(cloud))}` },
    body: JSON.stringify({
      ...{ rule: 'notes', operation: 'put', filename },
      ...{ contentType: 'text/plain', contentLength: 5 },
    }),
  })
  return { status: answer.status, body: (await answer.json()) as Signed }
}

export type Signed = {
  url: string
  headers: Record<string, string>
  key: string
  serverTime: string
}

/** Stores the five bytes. */
export function put({ url, headers }: Signed): Promise<Response> {
  return fetch(url, { method: 'PUT', headers, body: 'hello' })
}
