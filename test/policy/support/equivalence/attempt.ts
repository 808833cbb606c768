import { createHash } from 'node:crypto'
import type { DownloadCase, UploadCase } from './cases'
import { promisedSizeOf, sizeOf } from './naive'
import type { Answer, Caller, World } from './world'

/** What came of a case: refused by a function for a reason, or what OSS answered in the end. */
export type Result = { refused: string } | { key: string; answers: Answer[] }

const UUID = '0b7c1c7e-3d0e-4c57-9a30-5b8a8f0f3a11'
/** File names that fit the keys. */
export const NAMES = { open: 'a.png', dated: 'a.png', named: `${UUID}.png`, deep: UUID } as const
const BOUNDARY = 'a-boundary-that-no-file-holds'

/** The caller of a case. */
export function toCaller({ sub, isPro }: { sub: string; isPro: boolean }): Caller {
  return { sub, claims: { plan: isPro ? 'pro' : 'free' } }
}

/** The same key at another place. */
export function toPlace(
  key: string,
  place: 'sibling' | 'foreign' | 'outside' | 'own' | undefined,
): string {
  const folders = key.split('/')
  const owner = /^\d{4}$/.test(folders[1] ?? '') ? 2 : 1
  if (place === 'foreign') return folders.with(owner, 'victim').join('/')
  if (place === 'sibling') return folders.with(-1, 'sibling').join('/')
  return place === 'outside' ? 'elsewhere/a.png' : key
}

function promisedBytes(one: UploadCase): Buffer {
  return Buffer.alloc(promisedSizeOf(one), 'a')
}

function sentBytes(one: UploadCase): Buffer {
  return Buffer.alloc(sizeOf(one), one.stray.corrupt ? 'b' : 'a')
}

/** Asks for an upload, and sends it as the case strays. */
export async function tryUpload(world: World, one: UploadCase): Promise<Result> {
  const { key, send } = await UPLOADS[one.by](world, one)
  if (typeof key !== 'string') return key
  if (one.exists) await world.sendSigned({ method: 'PUT', key, body: Buffer.from('old') })
  const answers = [await send()]
  if (one.stray.twice) answers.push(await send())
  return { key, answers }
}

type Sending = { key: string; send: () => Promise<Answer> } | { key: Result; send: never }

function refused(reason: string): Sending {
  return { key: { refused: reason }, send: undefined as never }
}

const UPLOADS = { url: uploadByUrl, form: uploadByForm, sts: uploadBySts } as const

async function uploadByUrl(world: World, one: UploadCase): Promise<Sending> {
  const { stray, filename, contentType, contentLength, metadata } = one
  const md5 = createHash('md5').update(promisedBytes(one)).digest('base64')
  const answer = await world.ask('signed-url', toCaller(one), {
    ...{ rule: 'files', operation: 'put', filename, contentType, contentLength, metadata },
    ...(one.promisesMd5 && { contentMd5: md5 }),
  })
  if (typeof answer === 'string') return refused(answer)
  const signed = queryOf(answer.url)
  const query = stray.noCallback ? withoutCallback(signed) : signed
  const place = world.objectUrl(toPlace(answer.key, stray.place))
  const url = `${place}?${query}${stray.query ? '&x=1' : ''}`
  const headers = { ...answer.headers, ...strayHeaders(one) }
  const send = () => world.send(stray.verb ?? 'PUT', url, headers, sentBytes(one))
  return { key: answer.key, send }
}

/** The query of a URL. */
export function queryOf(url: string): string {
  return url.slice(url.indexOf('?') + 1)
}

function withoutCallback(query: string): string {
  return query
    .split('&')
    .filter((pair) => !/^callback(-var)?=/.test(pair))
    .join('&')
}

function strayHeaders({ stray }: UploadCase): Record<string, string> {
  return {
    ...(stray.contentType && { 'content-type': stray.contentType }),
    ...(stray.acl && stray.acl !== 'none' && { 'x-oss-object-acl': stray.acl }),
    ...(stray.storageClass && { 'x-oss-storage-class': stray.storageClass }),
    ...(stray.cacheControl && { 'cache-control': stray.cacheControl }),
    ...(stray.metadata && { 'x-oss-meta-evil': '1' }),
  }
}

async function uploadByForm(world: World, one: UploadCase): Promise<Sending> {
  const { stray, filename, contentType, contentLength, metadata } = one
  const wish = {
    ...{ rule: 'files', filename, contentType, contentLength, metadata },
    ...(one.limits.unreported && { successStatus: 200 }),
  }
  const answer = await world.ask('post-policy', toCaller(one), wish)
  if (typeof answer === 'string') return refused(answer)
  const { 'content-type': type, 'cache-control': cacheControl, ...others } = strayHeaders(one)
  const fields: Record<string, string> = {
    ...answer.fields,
    ...(type && { 'Content-Type': type, 'x-oss-content-type': type }),
    ...(cacheControl && { 'Cache-Control': cacheControl }),
    ...others,
    key: toPlace(answer.key, stray.place),
  }
  if (stray.noCallback) for (const name of ['callback', 'x:ticket']) delete fields[name]
  // The file's own type is never the granted one: it must not matter.
  const { body, headers } = toForm(fields, sentBytes(one), 'text/html')
  return { key: answer.key, send: () => world.send('POST', answer.url, headers, body) }
}

/** A form with a file of this type, as it is sent. */
export function toForm(fields: Record<string, string>, file: Buffer, type: string) {
  const head = Object.entries({ ...fields, file: '' }).map(([name, value]) => {
    const rest = name === 'file' ? `; filename="evil.html"\r\nContent-Type: ${type}` : ''
    return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${rest}\r\n\r\n${value}`
  })
  const headers = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` }
  const tail = Buffer.from(`\r\n--${BOUNDARY}--\r\n`)
  return { headers, body: Buffer.concat([Buffer.from(head.join('\r\n')), file, tail]) }
}

async function uploadBySts(world: World, one: UploadCase): Promise<Sending> {
  const { stray, limits, contentType } = one
  const answer = await world.ask('sts', toCaller(one), { rule: 'files', access: 'write' })
  if (typeof answer === 'string') return refused(answer)
  const folder = limits.key === 'deep' ? `${answer.prefix}` : answer.prefix
  const key = `${folder}${NAMES[limits.key]}`
  const { callbackVar, ...callback } = answer.callback
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64')
  const headers = {
    'content-type': contentType,
    ...(limits.needsAcl && stray.acl !== 'none' && { 'x-oss-object-acl': limits.acl ?? 'private' }),
    ...strayHeaders(one),
    ...(!stray.noCallback && {
      'x-oss-callback': encode(callback),
      'x-oss-callback-var': encode(callbackVar),
    }),
  }
  const send = () =>
    world.sendSigned({
      method: stray.verb ?? 'PUT',
      key: toPlace(key, stray.place),
      headers: stray.verb === undefined ? headers : {},
      body: sentBytes(one),
      credentials: answer.credentials,
    })
  return { key, send }
}

/** Asks for a download, and sends it as the case strays. */
export async function tryDownload(world: World, one: DownloadCase, own: string): Promise<Result> {
  const key = `${own}${NAMES[one.limits.key]}`
  for (const place of ['own', 'foreign', 'outside'] as const) {
    await world.sendSigned({ method: 'PUT', key: toPlace(key, place), body: Buffer.from('old') })
  }
  return one.by === 'url' ? downloadByUrl(world, one, key) : downloadBySts(world, one, key)
}

async function downloadByUrl(world: World, one: DownloadCase, key: string): Promise<Result> {
  const { verb, place, as, stray } = one
  const wish = { rule: 'files', operation: verb, key: toPlace(key, place), as }
  const answer = await world.ask('signed-url', toCaller(one), wish)
  if (typeof answer === 'string') return { refused: answer }
  const path = world.objectUrl(toPlace(answer.key, stray.place))
  const url = `${path}?${queryOf(answer.url)}${stray.query ? '&x=1' : ''}`
  return { key, answers: [await world.send(stray.verb ?? answer.method, url, answer.headers)] }
}

async function downloadBySts(world: World, one: DownloadCase, key: string): Promise<Result> {
  const { verb, place, stray } = one
  const answer = await world.ask('sts', toCaller(one), { rule: 'files', access: 'read' })
  if (typeof answer === 'string') return { refused: answer }
  const { credentials, prefix } = answer
  if (stray.list !== undefined) {
    const prefixes = { own: prefix, foreign: toPlace(prefix, 'foreign'), all: '' }
    const query = { 'list-type': '2', prefix: prefixes[stray.list] }
    return {
      key,
      answers: [await world.sendSigned({ method: 'GET', key: '', query, credentials })],
    }
  }
  const method = stray.verb ?? (verb === 'get' ? 'GET' : 'HEAD')
  const target = toPlace(toPlace(key, place), stray.place)
  return { key, answers: [await world.sendSigned({ method, key: target, credentials })] }
}
