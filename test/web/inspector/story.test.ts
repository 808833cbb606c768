import type { SendRequest, SendResponse } from '../../../client'
import type { Inspected } from '../../../web/inspector/local'
import { readStory, ticketClaims } from '../../../web/inspector/story'
import type { Exchange } from '../../../web/inspector/trace'
import { ownRequests } from '../../../web/inspector/watch'

const claims = { rul: 'media', typ: ['a/b', 'c/d'], iat: 1_700_000_000 }
const ticket = `eyJhIjoxfQ.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.abc`

function ask(path: string, body: object, answer: object, status = 200): Exchange {
  const url = `http://localhost:9000${path}`
  return exchange({ method: 'POST', url, headers: {}, body: JSON.stringify(body) }, status, answer)
}

function exchange(request: SendRequest, status = 200, answer: object = {}, id = ''): Exchange {
  const headers = { 'x-oss-request-id': id }
  const response: SendResponse = { status, headers, text: JSON.stringify(answer) }
  return { startedAt: 1, endedAt: 2, request, response }
}

function send(method: 'PUT' | 'POST', search: string, id = ''): Exchange {
  return exchange({ method, url: `http://localhost:9001/b/k${search}`, headers: {} }, 200, {}, id)
}

const RULES = ask('/signed-url', { operation: 'rules' }, { rules: [] })
const variables = Buffer.from(JSON.stringify({ 'x:ticket': ticket })).toString('base64')

it('tells how a file went, and by which key and ticket', () => {
  const put = ask('/signed-url', { operation: 'put' }, { key: 'k', url: 'u' })
  const sent = send('PUT', `?callback-var=${encodeURIComponent(variables)}`)
  expect(readStory([RULES, put, sent], false)).toEqual({
    ...{ way: 'put', key: 'k', ticket, asks: [put], sends: [sent] },
    answer: { key: 'k', url: 'u' },
  })
  const form = ask('/post-policy', {}, { key: 'k' })
  const fields = { 'x:ticket': ticket }
  const posted = exchange({ method: 'POST', url: 'http://localhost:9001/b', headers: {}, fields })
  expect(readStory([form, posted], false)).toMatchObject({ way: 'form', key: 'k', ticket })
  const begin = ask('/signed-url', { operation: 'multipart' }, { key: 'k', ticket })
  const parts = ask('/signed-url', { operation: 'multipart-parts' }, { parts: [] })
  expect(readStory([begin, parts], false)).toMatchObject({ way: 'parts', key: 'k', ticket })
  // An upload that goes on after a reload was begun before.
  expect(readStory([parts], false)).toMatchObject({ way: 'parts', key: undefined })
  expect(readStory([], true)).toMatchObject({ way: 'sts', asks: [], key: undefined })
})

it('tells of the last attempt alone, and why it was refused', () => {
  const first = ask('/signed-url', { operation: 'put' }, { key: 'k1' })
  const refused = ask('/signed-url', { operation: 'put' }, { code: 'not_allowed' }, 403)
  const story = readStory([first, send('PUT', ''), refused], false)
  expect(story).toMatchObject({ asks: [refused], sends: [], key: undefined })
  expect(story.answer).toEqual({ code: 'not_allowed' })
})

it('shows the claims of a ticket as people read them', () => {
  expect(ticketClaims(ticket)).toEqual([
    ['rul', 'media'],
    ['typ', 'a/b, c/d'],
    ['iat', '2023-11-14T22:13:20.000Z'],
  ])
  expect([ticketClaims(undefined), ticketClaims('a.b.c')]).toEqual([[], []])
})

it('finds what OSS saw of this transfer among all about its key', () => {
  const seen = (operation: string, requestId: string) => ({ operation, requestId }) as Inspected
  const [begin, part, done] = ['InitiateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload']
  const ids = (isSts: boolean, sends: Exchange[], requests: Inspected[]) =>
    ownRequests(readStory(sends, isSts), requests).map(({ requestId }) => requestId)
  const all = [
    seen('PutObject', '1'),
    ...[seen(begin, '2'), seen(part, '3'), seen('HeadObject', '4'), seen(done, '5')],
  ]
  expect(ids(false, [send('PUT', '', '1')], all)).toEqual(['1'])
  expect(ids(true, [], all)).toEqual(['2', '3', '5'])
  expect(ids(true, [], [...all, seen(begin, '6'), seen(part, '7')])).toEqual(['6', '7'])
  expect(ids(true, [], [...all, seen('PutObject', '6'), seen('HeadObject', '7')])).toEqual(['6'])
  expect(ids(true, [], [])).toEqual([])
})
