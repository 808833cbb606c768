// Covers functions/post-policy.ts and shared/callback/prove.ts: what the holder of a form for a prefix tries.
import { until } from '../support/until'
import { askWebForm, classicFields, postFields, sampleFields } from '../support/web-samples'
import { eventsOf, ownerClient } from './support/client'
import { shareLocalCloud } from './support/cloud'

const info = shareLocalCloud({ rules: 'test/support/rules/web.ts' })

const UUID = '0b7c1c7e-3d0e-4c57-9a30-5b8a8f0f3a11'
const png = (name = 'a.png', bytes = 'x') => new File([bytes], name, { type: 'image/png' })

type Fields = Record<string, string>

async function post(more: Fields, { rule = 'web', file = png() } = {}) {
  const { body } = await askWebForm(info(), { as: 'web-v4', rule })
  const fields = { ...sampleFields(body, `${body.dir}a.png`), ...more }
  const { status, body: text } = await postFields(body.host, fields, file)
  return { status, why: /Error status : \d+|<EC>([\d-]+)/.exec(text)?.at(0) }
}

async function exists(key: string): Promise<boolean> {
  const { res } = await ownerClient(info()).list({ prefix: key, 'max-keys': 1 }, {})
  return String((res as unknown as { data: Buffer }).data).includes('<Key>')
}

const REFUSED_BY_POLICY = '<EC>0006-00000227'
const NO_FIELD = '<EC>0006-00000226'

describe('OSS refuses', () => {
  it.each([
    ['the folder of another caller', { key: 'web/bob/a.png' }, REFUSED_BY_POLICY],
    ['a folder whose name only begins alike', { key: 'web/alice2/a.png' }, REFUSED_BY_POLICY],
    ['a key of no rule', { key: 'a.png' }, REFUSED_BY_POLICY],
    ['the ledger', { key: '.oss-direct/uploads/a' }, REFUSED_BY_POLICY],
    ['another status', { success_action_status: '201' }, REFUSED_BY_POLICY],
    ['another callback', { callback: 'e30=' }, REFUSED_BY_POLICY],
    ['another ACL', { 'x-oss-object-acl': 'public-read' }, '<EC>0003-00000201'],
    ['another type in a field', { 'Content-Type': 'text/html' }, REFUSED_BY_POLICY],
  ])('%s', async (_, more, why) => {
    expect(await post(more as Fields)).toEqual({ status: 403, why })
    if ('key' in more) expect(await exists(more.key)).toBe(false)
  })

  it('a form without its callback, or with the token of another', async () => {
    const [{ body: mine }, { body: bobs }] = await Promise.all([
      askWebForm(info(), { as: 'web-v1', rule: 'web' }),
      askWebForm(info(), { as: 'web-v1', rule: 'web' }, { sub: 'bob' }),
    ])
    const fields = classicFields(mine, 'web/alice/z.png')
    const { callback: _, ...silent } = fields
    const unreported = await postFields(mine.host, silent, png())
    expect([unreported.status, unreported.body]).toEqual([403, expect.stringContaining(NO_FIELD)])
    const mixed = { ...fields, policy: bobs.policy, signature: bobs.signature }
    expect((await postFields(mine.host, mixed, png())).status).toBe(403)
    expect(await exists('web/alice/z.png')).toBe(false)
  })
})

describe('neither callback nor trigger proves', () => {
  const HOSTILE: [string, Fields, number][] = [
    ['a key that leaves the folder', { key: 'web/alice/../bob/a.png' }, 422],
    ['a name with a control character', { key: 'web/alice/a\u0085.png' }, 422],
    ['a name that reads backwards', { key: 'web/alice/a\u202egnp.exe' }, 422],
    ['a name in another form of Unicode', { key: 'web/alice/e\u0301.png' }, 422],
    ['an empty folder', { key: 'web/alice//a.png' }, 422],
    ['the folder itself', { key: 'web/alice/' }, 403],
    ['a type that only the file part hid', { 'x-oss-content-type': 'text/html' }, 415],
    ['metadata', { 'x-oss-meta-evil': '1' }, 403],
    ['a header that others would download with', { 'Content-Disposition': 'inline' }, 403],
    ['another storage class', { 'x-oss-storage-class': 'IA' }, 403],
  ]
  const keyOf = (more: Fields) => more.key ?? `web/alice/with-${Object.keys(more)}.png`

  it.each(HOSTILE)('%s', async (_, more, status) => {
    const answer = await post({ ...more, key: keyOf(more) })
    expect(answer).toEqual({ status: 203, why: `Error status : ${status}` })
  })

  it('any of these later, when the trigger has seen all', async () => {
    for (const [, more] of HOSTILE) await post({ ...more, key: keyOf(more) })
    const { body } = await askWebForm(info(), { as: 'web-v1', rule: 'named' })
    const key = `named/alice/${UUID.replace('0b', '0e')}.png`
    const { callback: _, ...silent } = classicFields(body, key)
    expect((await postFields(body.host, silent, png())).status).toBe(200)
    await until(async () => (await eventsOf(info(), key)).length > 0)
    const [event] = await eventsOf(info(), key)
    expect(event?.data.proof).toBe('trigger')
    const events = await Promise.all(HOSTILE.map(([, more]) => eventsOf(info(), keyOf(more))))
    expect(events.flat()).toEqual([])
  })

  it('a name from the file part that leaves the folder', async () => {
    const key = `web/alice/\${filename}`
    const answer = await post({ key }, { file: png('..\\x.png') })
    expect(answer).toEqual({ status: 203, why: 'Error status : 422' })
  })

  it('a name that the template of the rule can not make', async () => {
    const named = (name: string) => post({ key: `named/alice/${name}` }, { rule: 'named' })
    expect(await named('free.png')).toEqual({ status: 203, why: 'Error status : 422' })
    expect(await named(`${UUID}.png`)).toMatchObject({ status: 200 })
  })
})

describe('a ticket', () => {
  it('of a form for one key proves no other, put into a form for the prefix that needs no callback', async () => {
    const members = { as: 'web-v1', rule: 'named' } as const
    const file = { filename: 'a.png', contentType: 'image/png' }
    const [{ body: one }, { body: open }] = await Promise.all([
      askWebForm(info(), { ...members, ...file }),
      askWebForm(info(), members),
    ])
    const key = `named/alice/${UUID.replace('0b', '0c')}.png`
    const fields = { ...classicFields(open, key), callback: one.callback }
    const { status, body } = await postFields(open.host, fields, png())
    expect([status, body]).toEqual([203, expect.stringContaining('Error status : 403')])
  })

  it('of another caller proves nothing in the folder of this one', async () => {
    const members = { as: 'web-v1', rule: 'named' } as const
    const [{ body: mine }, { body: bobs }] = await Promise.all([
      askWebForm(info(), members),
      askWebForm(info(), members, { sub: 'bob' }),
    ])
    const key = `named/alice/${UUID.replace('0b', '0d')}.png`
    const fields = { ...classicFields(mine, key), callback: bobs.callback }
    const { status, body } = await postFields(mine.host, fields, png())
    expect([status, body]).toEqual([203, expect.stringContaining('Error status : 403')])
  })

  it('for a prefix proves one upload in all where the rule says so', async () => {
    const { body } = await askWebForm(info(), { as: 'web-v1', rule: 'single' })
    const send = (name: string) =>
      postFields(body.host, classicFields(body, `single/alice/${name}`), png())
    expect((await send('one.png')).status).toBe(200)
    expect(await send('two.png')).toMatchObject({ status: 203 })
  })

  it('for a prefix makes one event for each object that is stored', async () => {
    const { body } = await askWebForm(info(), { as: 'web-v1', rule: 'web' })
    const key = 'web/alice/again.png'
    for (const bytes of ['one', 'one', 'other']) {
      await postFields(body.host, classicFields(body, key), png('a.png', bytes))
    }
    const events = await eventsOf(info(), key)
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
    expect(events.at(-1)?.data.size).toBe(5)
  })
})
