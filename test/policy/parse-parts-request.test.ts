// Covers shared/policy/parse-request.ts and shared/rules/requests.ts: requests for uploads in parts.
import { MAX_REQUESTED_PARTS, parseSignedUrlRequest } from '../../shared/policy/parse-request'
import { MAX_TICKET_CHARACTERS } from '../../shared/policy/signed-ticket'
import { issuesOf } from './support/request-issues'

const MULTIPART = {
  rule: 'avatar',
  operation: 'multipart',
  filename: 'a.png',
  contentType: 'image/png',
  contentLength: 5,
  metadata: { title: 'x' },
}
const PARTS = {
  operation: 'multipart-parts',
  ticket: 't',
  uploadId: '0123456789ABCDEF0123456789ABCDEF',
  partNumbers: [1, 10_000],
}

test('reads wishes for uploads in parts', () => {
  expect(parseSignedUrlRequest(MULTIPART)).toEqual(MULTIPART)
  expect(parseSignedUrlRequest(PARTS)).toEqual(PARTS)
  const { partNumbers, ...all } = PARTS
  expect(parseSignedUrlRequest(all)).toEqual(all)
})

test.each([
  [parseSignedUrlRequest, MULTIPART, 'contentLength', undefined],
  [parseSignedUrlRequest, MULTIPART, 'contentLength', -1],
  [parseSignedUrlRequest, MULTIPART, 'operation', 'constructor'],
  [parseSignedUrlRequest, MULTIPART, 'metadata.Title', { Title: 'x' }],
  [parseSignedUrlRequest, MULTIPART, 'metadata.title', { title: '' }],
  [parseSignedUrlRequest, MULTIPART, 'metadata.title', { title: ' x' }],
  [parseSignedUrlRequest, MULTIPART, 'metadata.title', { title: 'x\ny' }],
  [parseSignedUrlRequest, MULTIPART, 'metadata.title', { title: 'x ' }],
  [parseSignedUrlRequest, MULTIPART, 'metadata.title', { title: 'x\u0085y' }],
  [parseSignedUrlRequest, MULTIPART, 'metadata.title', { title: '\ud800' }],
  [parseSignedUrlRequest, PARTS, 'operation', 'parts'],
  [parseSignedUrlRequest, PARTS, 'ticket', ''],
  [parseSignedUrlRequest, PARTS, 'ticket', 'x'.repeat(MAX_TICKET_CHARACTERS + 1)],
  [parseSignedUrlRequest, PARTS, 'uploadId', 'a/b'],
  [parseSignedUrlRequest, PARTS, 'uploadId', ''],
  [parseSignedUrlRequest, PARTS, 'uploadId', 'a'.repeat(65)],
  [parseSignedUrlRequest, PARTS, 'partNumbers', []],
  [parseSignedUrlRequest, PARTS, 'partNumbers', count(MAX_REQUESTED_PARTS + 1)],
  [parseSignedUrlRequest, PARTS, 'partNumbers.2', [1, 2, 1]],
  [parseSignedUrlRequest, PARTS, 'partNumbers.0', [0]],
  [parseSignedUrlRequest, PARTS, 'partNumbers.0', [10_001]],
  [parseSignedUrlRequest, PARTS, 'partNumbers.0', [1.5]],
] as const)('%p of %j names %s when it is %j', (parse, good, path, value) => {
  const [name] = path.split('.')
  const issues = issuesOf(parse, { ...good, [name as string]: value })
  expect(issues.map((issue) => issue.path)).toEqual([path])
})

test('keeps to the limits of parts', () => {
  const partNumbers = count(MAX_REQUESTED_PARTS)
  const ticket = 'x'.repeat(MAX_TICKET_CHARACTERS)
  expect(
    issuesOf(parseSignedUrlRequest, { ...PARTS, ticket, partNumbers, uploadId: 'a'.repeat(64) }),
  ).toEqual([])
})

function count(entries: number): number[] {
  return Array.from({ length: entries }, (_, index) => index + 1)
}
