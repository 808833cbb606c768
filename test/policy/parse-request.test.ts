// Covers shared/rules/requests.ts too.
import * as fc from 'fast-check'
import {
  parseFormRequest,
  parseSignedUrlBody,
  parseSignedUrlRequest,
  parseStsRequest,
} from '../../shared/policy/parse-request'
import { RUNS } from '../support/runs'
import { issuesOf } from './support/request-issues'

const STS = { rule: 'documents', access: 'read-write', durationSeconds: 900 }
const PUT = {
  rule: 'avatar',
  operation: 'put',
  filename: 'me.png',
  contentType: 'image/png',
  contentLength: 5,
  contentMd5: 'eB5eJF1ptWaXm4bijSPyxw==',
}
const GET = {
  rule: 'avatar',
  operation: 'get',
  key: 'avatars/alice/x.png',
  as: 'attachment',
  downloadName: 'me.png',
}
const FORM = { rule: 'avatar', filename: 'me.png', contentType: 'image/png', contentLength: 5 }

test('reads a full wish of each kind', () => {
  expect(parseStsRequest(STS)).toEqual({ ...STS, operation: 'sts' })
  expect(parseSignedUrlRequest(PUT)).toEqual(PUT)
  expect(parseSignedUrlRequest(GET)).toEqual(GET)
  expect(parseSignedUrlRequest({ ...GET, operation: 'head' })).toEqual({
    ...GET,
    operation: 'head',
  })
  expect(parseFormRequest(FORM)).toEqual({ ...FORM, operation: 'form' })
})

test('reads wishes of what is compulsory alone', () => {
  expect(parseStsRequest({ rule: 'a', access: 'read' })).not.toHaveProperty('durationSeconds')
  const { contentLength, contentMd5, ...put } = PUT
  expect(parseSignedUrlRequest(put)).toEqual(put)
  const { as, downloadName, ...get } = GET
  expect(parseSignedUrlRequest(get)).toEqual(get)
})

describe.each([
  ['sts', parseStsRequest, STS],
  ['put', parseSignedUrlRequest, PUT],
  ['get', parseSignedUrlRequest, GET],
  ['form', parseFormRequest, FORM],
] as const)('a wish for %s', (_, parse, good) => {
  test.each([null, [], 'text', 1, true, undefined])('refuses %j as a whole', (input) => {
    expect(issuesOf(parse, input)).toEqual([
      { path: '', message: expect.stringMatching(/object|missing/) },
    ])
  })

  test.each(Object.keys(good).filter((name) => name !== 'operation'))(
    'names %s when it has a wrong type',
    (name) => {
      const { [name as 'rule']: _, ...rest } = good
      const isOptional = issuesOf(parse, rest).length === 0
      const values = [...(isOptional ? [] : [null]), [], {}, true, Number.NaN, '', -1, 1.5]
      for (const value of values) {
        expect(issuesOf(parse, { ...good, [name]: value }).map(({ path }) => path)).toEqual([name])
      }
      if (isOptional) expect(parse({ ...good, [name]: null })).toStrictEqual(parse(rest))
    },
  )

  test('names the rule when it is missing', () => {
    const { rule, ...rest } = good
    expect(issuesOf(parse, rest)).toEqual([{ path: 'rule', message: 'is missing' }])
  })

  test('names every unknown field', () => {
    expect(issuesOf(parse, { ...good, evil: 1, more: 2 })).toEqual([
      { path: 'evil', message: 'is not known' },
      { path: 'more', message: 'is not known' },
    ])
  })

  test('takes no field from a prototype', () => {
    const input = JSON.parse(JSON.stringify({ ...good, x: 1 }).replace('"x"', '"__proto__"'))
    expect(issuesOf(parse, input).map(({ path }) => path)).toEqual(['__proto__'])
  })
})

test.each([undefined, null, 'copy', 'sts', 1, ['put'], 'toString'])(
  'names the operation when it is %j',
  (operation) => {
    expect(issuesOf(parseSignedUrlRequest, { ...PUT, operation })).toEqual([
      {
        path: 'operation',
        message:
          operation === undefined
            ? 'is missing'
            : 'must be put, get, head, multipart, multipart-parts, list, delete or rules',
      },
    ])
  },
)

test.each([
  [parseStsRequest, STS, 'durationSeconds', 900, 899],
  [parseStsRequest, STS, 'durationSeconds', 43_200, 43_201],
  [parseSignedUrlRequest, PUT, 'contentLength', 0, -1],
  [parseSignedUrlRequest, PUT, 'contentLength', Number.MAX_SAFE_INTEGER, 2 ** 53],
  [parseSignedUrlRequest, PUT, 'filename', 'x'.repeat(1023), 'x'.repeat(1024)],
  [parseSignedUrlRequest, GET, 'key', 'x'.repeat(1023), 'x'.repeat(1024)],
  [parseSignedUrlRequest, GET, 'downloadName', 'x'.repeat(255), 'x'.repeat(256)],
  [parseFormRequest, FORM, 'rule', 'x'.repeat(64), 'x'.repeat(65)],
] as const)('%p keeps to the limit of %s.%s', (parse, good, name, within, beyond) => {
  expect(issuesOf(parse, { ...good, [name]: within })).toEqual([])
  expect(issuesOf(parse, { ...good, [name]: beyond }).map(({ path }) => path)).toEqual([name])
})

test.each([
  ['eB5eJF1ptWaXm4bijSPyxw', 'without padding'],
  ['eB5eJF1ptWaXm4bijSPyxx==', 'with stray bits'],
  ['781e5e245d69b566979b86e28d23f2c7', 'in hex'],
  ['eB5eJF1ptWaXm4bijSPyxw==\n', 'with a line end'],
])('refuses the MD5 %j, %s', (contentMd5) => {
  expect(issuesOf(parseSignedUrlRequest, { ...PUT, contentMd5 })).toEqual([
    { path: 'contentMd5', message: 'must be 16 bytes in base64' },
  ])
})

test.each(['image', 'image/*', 'image/png\r\nx: y', 'image/png,text/html'])(
  'refuses the content type %j',
  (contentType) => {
    expect(issuesOf(parseFormRequest, { ...FORM, contentType })).toEqual([
      { path: 'contentType', message: 'must be a media type such as image/png' },
    ])
  },
)

test('says what is due in words', () => {
  expect(issuesOf(parseStsRequest, { rule: 1, access: 'all', durationSeconds: 'abc' })).toEqual([
    { path: 'rule', message: 'must be a string' },
    { path: 'access', message: 'must be read, write or read-write' },
    { path: 'durationSeconds', message: 'must be a number' },
  ])
  expect(issuesOf(parseStsRequest, { ...STS, durationSeconds: 900.5 })).toEqual([
    { path: 'durationSeconds', message: 'must be an integer' },
  ])
})

test.each([
  parseStsRequest,
  parseSignedUrlRequest,
  parseFormRequest,
  parseSignedUrlRequest,
  parseSignedUrlRequest,
] as const)('%p takes any JSON for a wish or refuses it', (parse) => {
  const names = [
    'rule',
    'operation',
    'filename',
    'contentType',
    'key',
    'access',
    'ticket',
    'metadata',
  ]
  const values = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('put', 'get', 'a', 'image/png', 'read', 5),
  )
  const wishes = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...names), values))
  fc.assert(
    fc.property(wishes, (input) => {
      for (const { path, message } of issuesOf(parse, input)) {
        expect(path.length).toBeLessThanOrEqual(100)
        expect(message).toMatch(/^(is|must) /)
      }
    }),
    { numRuns: RUNS },
  )
})

test('keeps metadata whose name objects know, and takes none from a prototype', () => {
  const metadata = { constructor: 'x', prototype: 'y' }
  expect(parseSignedUrlRequest({ ...PUT, metadata })).toEqual({ ...PUT, metadata })
  expect(
    issuesOf(parseSignedUrlRequest, { ...PUT, metadata: JSON.parse('{"__proto__":{"a":"x"}}') }),
  ).toEqual([
    { path: 'metadata.__proto__', message: 'must contain only lower-case letters, digits and -' },
  ])
})

test.each([
  ['limit', 0],
  ['limit', 1001],
  ['after', ''],
  ['after', 'a b'],
  ['after', 'a'.repeat(1365)],
  ['path', ''],
  ['key', 'a'],
])('a listing names %s when it is %j', (name, value) => {
  const good = { operation: 'list', rule: 'r', path: 'a', after: 'b', limit: 1000 }
  expect(issuesOf(parseSignedUrlRequest, good)).toEqual([])
  const issues = issuesOf(parseSignedUrlRequest, { ...good, [name]: value })
  expect(issues.map(({ path }) => path)).toEqual([name])
})

test('a body is one request, or a batch whose requests are parsed later', () => {
  const requests = [PUT, 'no request']
  expect(parseSignedUrlBody({ requests })).toEqual({ operation: 'batch', requests })
  expect(parseSignedUrlBody(GET)).toEqual(GET)
  const issues = issuesOf(parseSignedUrlBody, { ...GET, requests })
  expect(issues.map(({ path }) => path)).toContain('key')
  for (const body of [null, [], 'requests']) {
    expect(issuesOf(parseSignedUrlBody, body)).toEqual(issuesOf(parseSignedUrlRequest, body))
  }
})

test('stops counting issues at twenty and cuts long names', () => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`${i}`.repeat(60), 1]))
  const issues = issuesOf(parseStsRequest, { ...STS, ...many })
  expect(issues).toHaveLength(20)
  expect(Math.max(...issues.map(({ path }) => path.length))).toBeLessThanOrEqual(100)
})
