import { type Bytes, sendForm } from '../e2e/support/client'
import { shareLocalCloud } from '../e2e/support/cloud'
import { clientFor, errorOf, fileOf } from './support/client'

const cloud = shareLocalCloud()
const PNG = fileOf(5, 'me.png', 'image/png')

it('returns a form that anybody can send', async () => {
  const form = await clientFor(cloud()).fields('avatar', PNG)
  expect(form).toEqual({
    ...{ method: 'POST', url: expect.stringMatching(/^http/), key: form.fields.key },
    ...{
      fields: expect.objectContaining({ policy: expect.any(String) }),
      expiresAt: expect.any(String),
    },
  })
  const { status, body } = await sendForm(form, Buffer.from('aaaaa') as Bytes)
  expect([status, body]).toMatchObject([200, { status: 'ok', key: form.key }])
})

it('is bound to the size of its file', async () => {
  const form = await clientFor(cloud()).fields('avatar', PNG)
  expect((await sendForm(form, Buffer.from('aaaaaa') as Bytes)).status).toBe(400)
})

it.each([
  ['file_type_not_allowed', 'avatar', fileOf(5, 'a.txt', 'text/plain')],
  ['mechanism_not_allowed', 'documents', fileOf(5, 'a.pdf', 'application/pdf')],
])('refuses with %s', async (code, rule, file) => {
  const client = clientFor(cloud(), { claims: { plan: 'pro' } })
  expect(await errorOf(client.fields(rule, file))).toMatchObject({ code })
})

it('takes metadata and another name', async () => {
  const client = clientFor(cloud())
  const options = { metadata: { title: 'abc' }, filename: 'b.bin' }
  const { key, fields } = await client.fields('titled', fileOf(5), options)
  expect(key).toBe('titled/alice/b.bin')
  expect(fields).toMatchObject({ 'x-oss-meta-title': 'abc' })
})
