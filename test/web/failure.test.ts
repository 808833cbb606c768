import { fromOss, fromOssXml, fromProblem, toFailure } from '../../web/failure'
import { readProof } from '../../web/proof'

const PROBLEM = {
  type: 'urn:oss-direct:problem:file_too_large',
  title: 'File too large',
  status: 403,
  detail: 'This rule allows at most 5 bytes.',
  code: 'file_too_large',
  requestId: 'r-1',
}
const XML = `<?xml version="1.0" encoding="UTF-8"?>
<Error>
  <Code>AccessDenied</Code>
  <Message>Policy expired &lt;now&gt; &amp; &quot;here&quot; &apos;.</Message>
  <RequestId>5CAC0CF8</RequestId>
  <HostId>localhost</HostId>
  <EC>0006-00000206</EC>
</Error>`

test('reads a problem document', () => {
  expect(fromProblem(403, JSON.stringify(PROBLEM))).toMatchObject({
    title: 'File too large',
    detail: 'This rule allows at most 5 bytes.',
    code: 'file_too_large',
    requestId: 'r-1',
  })
})

test('names the fields that a problem document names', () => {
  const errors = [
    { path: 'filename', message: 'must be text' },
    { path: '', message: 'must be an object' },
  ]
  const { detail } = fromProblem(400, JSON.stringify({ ...PROBLEM, detail: 'Look.', errors }))
  expect(detail).toBe('Look. filename: must be text. must be an object.')
})

test('tells how to get out of a refused token', () => {
  const { detail } = fromProblem(401, JSON.stringify({ ...PROBLEM, code: 'invalid_token' }))
  expect(detail).toContain('Retry signs in again')
})

test.each(['', 'Internal Server Error', 'null', '[]', '{"title":7,"errors":{}}'])(
  'falls back to the status when the problem is %j',
  (body) => {
    expect(fromProblem(502, body)).toMatchObject({
      title: 'The functions returned 502',
      detail: '',
      code: 'http_502',
      requestId: '',
    })
  },
)

test('reads an XML error of OSS, entities included', () => {
  expect(fromOssXml(403, XML)).toMatchObject({
    title: 'OSS refused the request',
    detail: `Policy expired <now> & "here" '.`,
    code: 'AccessDenied',
    requestId: '5CAC0CF8',
  })
})

test('reads an entity once, not what it spells', () => {
  const { detail } = fromOssXml(403, '<Error><Message>&amp;lt;b&amp;gt;</Message></Error>')
  expect(detail).toBe('&lt;b&gt;')
})

test('takes a code of OSS that it has no title for as the title', () => {
  expect(fromOssXml(400, '<Error><Code>InvalidPart</Code></Error>').title).toBe('InvalidPart')
})

test.each(['', 'not XML', '<Error></Error>', '<Code>'])(
  'falls back to the status when OSS says %j',
  (body) => {
    expect(fromOssXml(503, body)).toMatchObject({ title: 'OSS returned 503', code: 'http_503' })
  },
)

test('takes 203 as stored but not proven, with and without a document', () => {
  const xml = '<Error><Code>CallbackFailed</Code><Message>Error status : 403.</Message></Error>'
  const title = 'Stored, but not proven'
  expect(fromOssXml(203, xml)).toMatchObject({ title })
  expect(fromOss(203, { code: '', message: '', requestId: '' })).toMatchObject({ title })
})

test.each([
  [403, 'The functions could not prove it; the reason is in their log. Retry sends it again.'],
  [503, 'The function for callbacks failed with status 503. Retry sends it again.'],
  [413, 'The file is larger or smaller than was granted.'],
  [415, 'The file is of a content type that was not granted.'],
  [422, 'The file has a name that its rule does not allow.'],
])(
  'says what the callback refused by the status %d, which is all that OSS passes on',
  (status, detail) => {
    const message = `<Message>Error status : ${status}.</Message>`
    const text = `<Error><Code>CallbackFailed</Code>${message}</Error>`
    const words = { title: 'Stored, but not proven', detail }
    expect(() => readProof({ status: 203, text })).toThrow(expect.objectContaining(words))
  },
)

test('leaves what OSS itself says of a callback', () => {
  const message = 'Error status : 400.User server missing content-length.'
  const error = { code: 'CallbackFailed', message, requestId: '' }
  expect(fromOss(203, error).detail).toBe(message)
})

test('writes sizes of the functions in units as well', () => {
  const detail = 'This rule allows at most 5242880 bytes.'
  expect(fromProblem(403, JSON.stringify({ ...PROBLEM, detail })).detail).toBe(
    'This rule allows at most 5 MiB (5242880 bytes).',
  )
  const exact = 'This rule allows at most 1023 bytes.'
  expect(fromProblem(403, JSON.stringify({ ...PROBLEM, detail: exact })).detail).toBe(exact)
})

test.each([
  [new TypeError('no string "url"'), 'no string "url"'],
  ['thrown text', 'thrown text'],
  [undefined, 'undefined'],
])('makes a failure of anything thrown: %p', (thrown, detail) => {
  expect(toFailure(thrown)).toMatchObject({ code: 'unexpected', detail })
})

test('leaves a failure as it is', () => {
  const failure = fromProblem(403, JSON.stringify(PROBLEM))
  expect(toFailure(failure)).toBe(failure)
})
