// Covers functions/post-policy.ts: the forms of Alibaba's web samples, posted as these do.
import { askWebForm, classicFields, postFields, sampleFields } from '../support/web-samples'
import { ask, eventsOf, type Problem } from './support/client'
import { shareLocalCloud } from './support/cloud'

const info = shareLocalCloud({ rules: 'test/support/rules/web.ts' })

const png = (name = 'a.png', size = 5) => new File(['x'.repeat(size)], name, { type: 'image/png' })
const asked = (members: Record<string, string>) => ({ rule: 'web', ...members })

async function proofOf(sent: Promise<{ status: number; body: string }>) {
  const { status, body } = await sent
  return { status, ...JSON.parse(body) }
}

async function mechanismsOf(key: string): Promise<(string | undefined)[]> {
  return (await eventsOf(info(), key)).map(({ data }) => data.mechanism ?? data.proof)
}

describe('a form for the prefix', () => {
  it('is posted by the classic sample with one line added, again and again', async () => {
    const { body } = await askWebForm(info(), { as: 'web-v1', rule: 'web' })
    for (const name of ['one.png', 'two.png']) {
      const key = `${body.dir}${name}`
      const proof = proofOf(postFields(body.host, classicFields(body, key), png()))
      expect(await proof).toMatchObject({ status: 'ok', key, size: 5 })
      expect(await mechanismsOf(key)).toEqual(['form'])
    }
  })

  it('is posted by the sample for version 4 as it is, its name put in by OSS', async () => {
    const { body } = await askWebForm(info(), { as: 'web-v4', rule: 'web' })
    const fields = sampleFields(body, `${body.dir}\${filename}`)
    const proof = await proofOf(postFields(body.host, fields, png('报告.png')))
    expect(proof).toMatchObject({ status: 'ok', key: 'web/alice/报告.png' })
    expect(await mechanismsOf('web/alice/报告.png')).toEqual(['form'])
  })

  it.each([
    ['a type that the rule does not allow', new File(['x'], 'a.html', { type: 'text/html' }), 403],
    ['a byte more than the rule allows', png('a.png', 1024 * 1024 + 1), 400],
    ['as much as the rule allows', png('a.png', 1024 * 1024), 200],
  ])('meets OSS with %s', async (_, file, status) => {
    const { body } = await askWebForm(info(), { as: 'web-v1', rule: 'web' })
    const key = `${body.dir}limit-${status}`
    expect(await postFields(body.host, classicFields(body, key), file)).toMatchObject({ status })
    expect(await mechanismsOf(key)).toEqual(status === 200 ? ['form'] : [])
  })

  it('takes the one type and size that its request names', async () => {
    const members = asked({ contentType: 'text/plain', contentLength: '3' })
    const { body } = await askWebForm(info(), { as: 'web-v4', ...members })
    const post = (file: File) =>
      postFields(body.host, sampleFields(body, `${body.dir}note.txt`), file)
    const text = (bytes: string) => new File([bytes], 'note.txt', { type: 'text/plain' })
    expect((await post(png('note.txt', 3))).status).toBe(403)
    expect((await post(text('four'))).status).toBe(400)
    expect((await post(text('two'))).status).toBe(200)
  })

  it('is only for rules that say so', async () => {
    const { status, body } = await askWebForm<'web-v4', Problem>(info(), {
      as: 'web-v4',
      rule: 'kept',
      contentType: 'image/png',
    })
    const message =
      "is missing; a form without it requires unenforced: { form: ['name'] } in the rule"
    expect([status, body.errors]).toEqual([400, [{ path: 'filename', message }]])
  })
})

describe('a form for one file', () => {
  it('has its key, which the sample itself makes of `dir` and the name', async () => {
    const members = asked({ filename: 'a b.png', contentType: 'image/png' })
    const { body } = await askWebForm(info(), { as: 'web-v4', ...members })
    expect(body.key).toBe(`${body.dir}a b.png`)
    const post = (key: string) => postFields(body.host, sampleFields(body, key), png())
    expect((await post(`${body.dir}other.png`)).status).toBe(403)
    expect(await proofOf(post(`${body.dir}a b.png`))).toMatchObject({ status: 'ok', key: body.key })
    expect(await mechanismsOf('web/alice/a b.png')).toEqual(['form'])
  })

  it.each(['web-v1', 'web-v4'] as const)(
    'of a rule that keeps its limits needs all fields (%s)',
    async (as) => {
      const members = { rule: 'kept', filename: `${as}.png`, contentType: 'image/png' }
      const { body } = await askWebForm(info(), { as, ...members })
      const key = `${body.key}`
      const fields = 'accessid' in body ? classicFields(body, key) : sampleFields(body, key)
      const file = png(as)
      expect((await postFields(body.host, fields, file)).status).toBe(403)
      const whole = () => postFields(body.host, { ...fields, ...body.fields }, file)
      expect([(await whole()).status, (await whole()).status]).toEqual([200, 409])
      expect(await mechanismsOf(key)).toEqual(['form'])
    },
  )
})

describe('a request for such a form', () => {
  const members = { as: 'web-v4', rule: 'web' } as const

  it('may be a POST, and has an answer that nobody keeps', async () => {
    const { status, headers, body } = await askWebForm(info(), members, { method: 'POST' })
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(body.dir).toBe('web/alice/')
  })

  it.each(['PUT', 'DELETE', 'PATCH'])('is not a %s', async (method) => {
    const { status, headers } = await askWebForm(info(), members, { method })
    expect([status, headers.get('allow')]).toEqual([405, 'GET, POST'])
  })

  it('is a GET with a dialect, and no other', async () => {
    const gets = ['/post-policy', '/post-policy?as=web-v5&rule=web', '/post-policy?rule=web']
    const others = ['/signed-url', '/signed-url?as=web-v4', '/sts?as=ali-oss']
    for (const path of [...gets, ...others]) {
      const { status, headers } = await fetch(info().gateway + path)
      expect([path, status, headers.get('allow')]).toEqual([path, 405, 'POST'])
    }
  })

  it('names a dialect that there is', async () => {
    const message = 'must be web-v4 or web-v1, in the query of the URL'
    for (const as of ['web-v5', 'toString', '']) {
      const { body } = await ask<Problem>(info(), `/post-policy?as=${as}`, {})
      expect(body.errors).toEqual([{ path: 'as', message }])
    }
  })

  it('needs a token', async () => {
    const { status } = await fetch(`${info().gateway}/post-policy?as=web-v4&rule=web`)
    expect(status).toBe(401)
  })
})
