import { parseWebFormRequest } from '../../shared/policy/parse-web-form'
import { issuesOf } from './support/request-issues'

const ONE = { rule: 'web', filename: 'a.png', contentType: 'image/png', contentLength: '5' }
const parse = (query: unknown) => parseWebFormRequest(query as never)

test('reads a request for one file', () => {
  expect(parse(ONE)).toStrictEqual({ ...ONE, operation: 'form', contentLength: 5 })
  const { contentLength: _, ...unsized } = ONE
  expect(parse(unsized)).toStrictEqual({ ...unsized, operation: 'form' })
})

test('reads a request without a file name as one for the prefix', () => {
  expect(parse({ rule: 'web' })).toStrictEqual({ operation: 'prefix-form', rule: 'web' })
  const { filename: _, ...open } = ONE
  expect(parse(open)).toStrictEqual({ ...open, operation: 'prefix-form', contentLength: 5 })
})

test('reads the query of an event, which has no prototype', () => {
  const query = Object.assign(Object.create(null), ONE)
  expect(parse(query)).toMatchObject({ operation: 'form', rule: 'web' })
})

test.each([
  ['rule', undefined],
  ['rule', ''],
  ['filename', ''],
  ['filename', 'a'.repeat(1024)],
  ['contentType', undefined],
  ['contentType', ''],
  ['contentType', 'image/*'],
  ['contentLength', ''],
  ['contentLength', '-1'],
  ['contentLength', '1.5'],
  ['contentLength', '05'],
  ['contentLength', '1e3'],
  ['contentLength', 'NaN'],
  ['contentLength', 'abc'],
  ['contentLength', '1,1'],
  ['contentLength', '1000000000000000'],
  ['filname', 'a.png'],
  ['successStatus', '200'],
  ['as', 'web-v4'],
  ['__proto__', 'x'],
])('refuses another %s: %j', (name, value) => {
  const { [name as 'rule']: _, ...rest } = ONE
  const query = Object.fromEntries([
    ...Object.entries(rest),
    ...(value === undefined ? [] : [[name, value]]),
  ])
  expect(issuesOf(parse, query).map(({ path }) => path)).toEqual([name])
})

test.each(['0', '999999999999999'])('takes the size %s', (contentLength) => {
  expect(parse({ ...ONE, contentLength })).toMatchObject({ contentLength: Number(contentLength) })
})
