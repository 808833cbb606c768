import { readdirSync, readFileSync } from 'node:fs'
import { OssDirectError } from '../../../client'
import { fromOss, fromProblem, toUploaded } from '../../../client/answers'
import { CODES } from '../../../shared/errors'
import { t } from '../../../web/i18n/i18n'
import { type Failure, refusedName, toFailure } from '../../../web/upload/failure'
import { answerOf } from '../../../web/upload/sts/answer'

const answer = (status: number, text = '') => ({ status, headers: {}, text })
const words = ({ title, advice, values }: Failure) =>
  [t(title, values), advice && t(advice, values)].filter(Boolean).join(' ')

test('says every code of the client and of uploads in words of its own', () => {
  const codes = new Set<string>()
  for (const file of readdirSync('client', { recursive: true, encoding: 'utf8' })) {
    if (!/\.ts$/.test(file) || file.startsWith('adapters')) continue
    const source = readFileSync(`client/${file}`, 'utf8')
    for (const [, code = ''] of source.matchAll(/(?:code: |refusal\(\s*)'(\w+)'/g)) codes.add(code)
  }
  // What this page never meets: it cancels by itself, names rules, and computes no checksum.
  for (const code of ['cancelled', 'rule_required', 'checksum_mismatch', 'checksum_unavailable']) {
    codes.delete(code)
  }
  expect(codes.size).toBeGreaterThan(8)
  for (const code of codes) {
    const { title } = toFailure(new OssDirectError('m', { code, retryable: false }))
    expect([code, title]).toEqual([code, expect.not.stringMatching(/fail\.other/)])
  }
})

test('says what the functions refuse without their words, and keeps code and request id for developers', () => {
  const problem = { code: 'not_allowed', detail: 'Not for you.', requestId: 'r-1' }
  const failure = toFailure(fromProblem(answer(403, JSON.stringify(problem))))
  expect(words(failure)).toBe(
    'You may not use this Sign in as somebody who may, then retry; or choose another use.',
  )
  expect(failure).toMatchObject({ code: 'not_allowed', trace: ['not_allowed · 403 · r-1'] })
  expect(Object.keys(CODES)).toContain('not_allowed')
})

test.each(['', 'Internal Server Error', 'null', '[]', '<html>'])(
  'never shows what a server says that is no problem: %j',
  (text) => {
    const failure = toFailure(fromProblem(answer(502, text)))
    expect(words(failure)).toBe(
      'The server does not answer as it should Nothing is wrong with your file. Retry in a moment.',
    )
    expect(failure.trace).toEqual(['unavailable · 502'])
  },
)

test.each([
  ['AccessDenied', 'OSS refused the request What you sent differs from what was permitted.'],
  ['FileImmutable', 'The file is locked'],
  ['RequestTimeTooSkewed', 'The clock of this device is wrong'],
  ['SignatureDoesNotMatch', 'The request was changed on its way'],
  ['FileAlreadyExists', 'A file with this name already exists'],
  ['NoSuchUpload', 'OSS no longer has the parts that were sent Retry'],
  ['InvalidPart', 'The upload failed Retry; if it fails again, show the details to a developer.'],
])("says OSS's %s in words", (code, sentence) => {
  const xml = `<Error><Code>${code}</Code><Message>M &lt;x&gt;</Message><EC>0003-1</EC></Error>`
  const failure = toFailure(fromOss(answer(400, xml)))
  expect(words(failure)).toContain(sentence)
  expect(failure.trace[0]).toContain(`${code} · 0003-1`)
})

test('shows the sentence of OSS to developers alone, and only where there is no other', () => {
  const xml = '<Error><Code>InvalidPart</Code><Message>Part &lt;7&gt;.</Message></Error>'
  expect(toFailure(fromOss(answer(400, xml))).trace).toEqual([
    'refused · 400 · InvalidPart',
    'Part <7>.',
  ])
})

test.each([
  [403, 'The server could not check the file, and does not count it. Retry sends it again.'],
  [503, 'The server could not check the file, and does not count it. Retry sends it again.'],
  [413, 'It is larger or smaller than was permitted, so it does not count.'],
  [415, 'Its type is not one that was permitted, so it does not count.'],
  [422, 'Its name is not one that this use allows, so it does not count.'],
])(
  'says what the callback refused by the status %d, which is all that OSS passes on',
  (status, advice) => {
    const message = `<Message>Error status : ${status}.</Message>`
    const text = `<Error><Code>CallbackFailed</Code>${message}</Error>`
    const { proven, reason } = toUploaded(answer(203, text), { key: 'a', size: 1 })
    expect(proven).toBe(false)
    expect(words(toFailure(reason))).toBe(`Stored, but not proven ${advice}`)
  },
)

test('makes a failure of anything thrown, and leaves one as it is', () => {
  const failure = toFailure(new TypeError('no string "url"'))
  expect(failure).toMatchObject({ code: 'unexpected', title: 'fail.other' })
  expect(failure.trace.join()).toContain('no string "url"')
  expect(toFailure(undefined)).toMatchObject({ code: 'unexpected' })
  expect(toFailure(failure)).toBe(failure)
})

test('says which character of a name can not be stored', () => {
  expect(words(refusedName({ what: 'variable', where: 3, code: '' }))).toBe(
    'This name can’t be stored: it has “${” (character 3) Rename the file, then choose it again.',
  )
})

describe('what ali-oss answers', () => {
  const sdkError = (fields: object) => Object.assign(new Error('M <1> & "2"'), fields)

  test('is read as the answer of OSS', () => {
    const proof = { status: 'ok', key: 'a', size: 1, etag: 'E' }
    const proven = toUploaded(answerOf({ data: proof }), { key: 'a', size: 1 })
    expect(proven).toEqual({ key: 'a', size: 1, etag: 'E', proven: true })
    expect(toUploaded(answerOf({}), { key: 'a', size: 1 })).toMatchObject({ proven: false })
  })

  test('is read as the error of OSS, with its codes', () => {
    const fields = { status: 403, code: 'AccessDenied', requestId: 'R', ecCode: '0003-1' }
    const error = fromOss(answerOf(sdkError(fields)))
    expect(error.oss).toEqual({
      ...{ code: 'AccessDenied', message: 'M <1> & "2"', ec: '0003-1', requestId: 'R' },
    })
  })

  test.each([-1, -2])('is a lost connection where its status is %d', (status) => {
    expect(() => answerOf(sdkError({ status }))).toThrow(
      expect.objectContaining({ code: 'network' }),
    )
  })

  test('is thrown as it is where it is no answer', () => {
    const refused = new OssDirectError('m', { code: 'invalid_token', retryable: false })
    expect(() => answerOf(refused)).toThrow(refused)
    expect(() => answerOf(new TypeError('broken'))).toThrow('broken')
  })
})
