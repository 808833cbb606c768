import type { Link } from '../../shared/dialects/link'
import type { LinkAnswer } from '../../shared/dialects/link-answer'
import {
  aliOssCallback,
  ask,
  type Bytes,
  type FormAnswer,
  type StsAnswer,
  sendForm,
  sendUrl,
  stsClient,
  token,
  type UrlAnswer,
} from './support/client'
import { shareLocalCloud } from './support/cloud'

const lines: string[] = []
const secrets = new Map<string, string>()
const info = shareLocalCloud({ log: (line) => lines.push(line) })

const FILE: Bytes = Buffer.from('hello')
const WISH = { rule: 'media', filename: 'a.txt', contentType: 'text/plain' }
const PUT = { ...WISH, operation: 'put', contentLength: FILE.length }

beforeAll(async () => {
  secrets.set('account secret', info().accessKeySecret)
  await driveEverything()
}, 60_000)

async function driveEverything(): Promise<void> {
  const alice = await token(info(), 'alice', { plan: 'pro' })
  secrets.set('token of the caller', alice).set('its signature', alice.split('.')[2] ?? '')
  const url = (await ask<UrlAnswer>(info(), '/signed-url', PUT, alice)).body
  noteUrl('PUT', url.url)
  await sendUrl(url, FILE)
  await sendUrl({ ...url, url: url.url.replace('a.txt', 'b.txt') }, FILE)
  const get = { rule: 'media', operation: 'get', key: url.key }
  const download = (await ask<UrlAnswer>(info(), '/signed-url', get, alice)).body
  noteUrl('GET', download.url)
  await fetch(download.url)
  await fetch(`${download.url}0`)
  const form = (await ask<FormAnswer>(info(), '/post-policy', WISH, alice)).body
  for (const name of ['policy', 'x-oss-signature', 'x-oss-security-token', 'x:ticket']) {
    secrets.set(`form ${name}`, form.fields[name] ?? '')
  }
  await sendForm(form, FILE)
  await sendForm({ ...form, fields: { ...form.fields, 'x-oss-object-acl': 'public-read' } }, FILE)
  const lent = (await ask<StsAnswer>(info(), '/sts', { rule: 'media', access: 'write' }, alice))
    .body
  secrets.set('lent secret', lent.credentials.accessKeySecret)
  secrets.set('lent token', lent.credentials.securityToken)
  secrets.set('STS ticket', lent.callback?.callbackVar['x:ticket'] ?? '')
  await stsClient(lent).put(`${lent.prefix}c.txt`, FILE, { callback: aliOssCallback(lent) })
  await stsClient(lent)
    .put('media/mallory/c.txt', FILE)
    .catch(() => undefined)
  await useLink(alice)
  await refuseEverything(alice)
}

async function useLink(alice: string): Promise<void> {
  const wish = { rule: 'media', access: 'write' }
  const link = (await ask<Link>(info(), '/sts?as=link', wish, alice)).body
  const ticket = new URL(link.url).searchParams.get('ticket') ?? ''
  secrets.set('ticket of a link', ticket).set('signature of a link', ticket.split('.')[2] ?? '')
  secrets.set('callback of a link', link.callback?.callbackVar['x:ticket'] ?? '')
  const opened = (await (await fetch(link.url)).json()) as LinkAnswer
  secrets.set('secret by a link', opened.AccessKeySecret)
  secrets.set('token by a link', opened.SecurityToken)
  await fetch(`${link.url}0`)
  await fetch(link.url, { method: 'HEAD' })
}

function noteUrl(kind: string, text: string): void {
  for (const [name, value] of new URL(text).searchParams) {
    if (/signature$|token$|callback-var/.test(name)) secrets.set(`${kind} URL ${name}`, value)
  }
}

async function refuseEverything(alice: string): Promise<void> {
  const forged = `${alice.slice(0, -5)}AAAAA`
  secrets.set('forged token', forged)
  for (const path of ['/sts', '/signed-url', '/post-policy', '/upload-callback']) {
    await ask(info(), path, WISH)
    await ask(info(), path, WISH, forged)
    await ask(info(), path, { ...WISH, password: 'hunter2-in-a-field' }, alice)
    await ask(info(), path, '{"password":"hunter2-in-broken-json', alice)
  }
  secrets.set('a stray field', 'hunter2-in-a-field').set('broken JSON', 'hunter2-in-broken-json')
}

it('says what happened', () => {
  expect(lines.join('\n')).toContain('upload proven')
  expect(lines.join('\n')).toContain('token_signature')
  expect(lines.length).toBeGreaterThan(30)
})

it('holds no secret, token, signature, policy or ticket, plain or encoded', () => {
  const log = lines.join('\n')
  expect(secrets.size).toBeGreaterThanOrEqual(22)
  for (const [name, secret] of secrets) {
    expect([name, secret.length > 8]).toEqual([name, true])
    for (const written of [secret, encodeURIComponent(secret), JSON.stringify(secret)]) {
      expect([name, log.includes(written)]).toEqual([name, false])
    }
  }
})

it('holds no query string', () => {
  expect(lines.filter((line) => /[?&][\w-]+=/.test(line))).toEqual([])
})
