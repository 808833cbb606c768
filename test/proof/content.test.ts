import { ask, type Bytes, type FormAnswer, sendForm, token } from '../e2e/support/client'
import { shareAttacks } from './support/attack'

// OSS stores whatever type an uploader declares; with sniff the file itself must agree.
const { deployment } = shareAttacks()

const PNG: Bytes = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

async function post(filename: string, file: Bytes) {
  const { info } = deployment()
  const request = { rule: 'sniffed', filename, contentType: 'image/png' }
  const form = await ask<FormAnswer>(info, '/post-policy', request, await token(info, 'alice'))
  return sendForm(form.body, file)
}

it('a page that calls itself an image is not proven, and an image is', async () => {
  const page = await post('page.png', Buffer.from('<!doctype html><script>alert(1)</script>'))
  expect([page.status, String(page.body)]).toEqual([203, expect.stringContaining(': 415.')])
  expect((await post('image.png', PNG)).status).toBe(200)
})
