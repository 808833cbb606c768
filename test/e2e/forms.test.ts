import {
  type Answer,
  ask,
  type FormAnswer,
  ownerClient,
  type Problem,
  sendForm,
  token,
} from './support/client'
import { shareLargeFiles } from './support/large'

const THANKS = 'https://www.example.com/thanks'
const HELLO = Buffer.from('hello')
const cloud = shareLargeFiles({ FORM_REDIRECTS: THANKS })

describe('forms', () => {
  const FORM = { rule: 'videos', contentType: 'video/mp4', contentLength: 5 }

  async function form(more: object): Promise<FormAnswer> {
    const answer = await post<FormAnswer>(more)
    expect(answer).toMatchObject({ status: 200 })
    return answer.body
  }

  async function post<Body>(more: object): Promise<Answer<Body>> {
    return ask<Body>(cloud(), '/post-policy', { ...FORM, ...more }, await token(cloud(), 'alice'))
  }

  it.each([200, 201, 204])('get the status %d from OSS itself', async (successStatus) => {
    const answer = await form({ rule: 'plain', filename: `${successStatus}.mp4`, successStatus })
    expect(Object.keys(answer.fields)).not.toContain('callback')
    expect(answer.fields.success_action_status).toBe(String(successStatus))
    expect(await sendForm(answer, HELLO)).toMatchObject({ status: successStatus })
  })

  it('send a browser on to a page that the settings allow, and to no other', async () => {
    const { url, fields } = await form({ rule: 'plain', filename: 'r.mp4', redirect: THANKS })
    expect(Object.keys(fields)).not.toContain('callback')
    const body = new FormData()
    for (const [name, value] of Object.entries(fields)) body.append(name, value)
    body.append('file', new Blob([HELLO]))
    const answer = await fetch(url, { method: 'POST', body, redirect: 'manual' })
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')?.split('?')[0]).toBe(THANKS)
    for (const redirect of [`${THANKS}/`, 'https://evil.example.com/', 'javascript:alert(1)', '']) {
      const { body } = await post<Problem>({ rule: 'plain', filename: 'r.mp4', redirect })
      expect(body).toMatchObject({ status: 400, errors: [{ path: 'redirect' }] })
    }
  })

  it.each([
    ['redirect', { redirect: THANKS }],
    ['successStatus', { successStatus: 200 }],
    ['redirect', { redirect: THANKS, successStatus: 204 }],
  ])('refuse a %s where the rule has every form reported: %j', async (path, more) => {
    const { body } = await post<Problem>({ filename: 'r.mp4', ...more })
    const message = 'requires a form without a callback, which this rule does not allow'
    expect(body).toMatchObject({ status: 400, errors: [{ path, message }] })
  })

  it('carry a callback when nothing else is asked for, whatever the rule does without', async () => {
    const answer = await form({ rule: 'plain', filename: 'callback.mp4' })
    const { status, body } = await sendForm(answer, HELLO)
    expect({ status, body }).toMatchObject({ status: 200, body: { status: 'ok', size: 5 } })
  })

  it.each([0, 202, '200'])('refuse the status %j', async (successStatus) => {
    const { body } = await post<Problem>({ filename: 'a.mp4', successStatus })
    expect(body).toMatchObject({ status: 400, errors: [{ path: 'successStatus' }] })
  })

  it.each([4, 6])('take the size that was asked for, and not %d bytes', async (bytes) => {
    const answer = await form({ filename: `exact-${bytes}.mp4` })
    expect(answer.maxBytes).toBe(5)
    expect(await sendForm(answer, Buffer.alloc(bytes))).toMatchObject({ status: 400 })
    expect(await sendForm(answer, HELLO)).toMatchObject({ status: 200 })
  })

  it('leave encryption to their holder where the rule says nothing of it', async () => {
    const { url, fields, key } = await form({ filename: 'encrypted.mp4' })
    const added = { ...fields, 'x-oss-server-side-encryption': 'AES256' }
    expect(await sendForm({ url, fields: added }, HELLO)).toMatchObject({ status: 200 })
    const { res } = await ownerClient(cloud()).head(key)
    expect(res.headers).toMatchObject({ 'x-oss-server-side-encryption': 'AES256' })
  })

  it('put nothing of the file name on the wire into the key', async () => {
    const answer = await form({ filename: 'fixed.mp4' })
    const { body } = await sendForm(answer, HELLO, 'other $'.concat('{filename}.mp4'))
    expect(body.key).toBe('videos/alice/fixed.mp4')
  })

  it('refuse a name that OSS would take for its variable', async () => {
    const { body } = await post<Problem>({ filename: '$'.concat('{filename}.mp4') })
    expect(body).toMatchObject({ status: 400, code: 'invalid_key' })
  })
})
