import { hmac, hmacKey } from '../../shared/signing/hash'
import { signature, signingKey, stringToSign, V4_ALGORITHM } from '../../shared/signing/v4'
import type { Finding } from '../findings'
import { isSame } from './is-same'

/** The members of an error of OSS (XML) or of STS (JSON). */
export type ErrorFields = Readonly<Record<string, string>>

/** A text that the client may have signed instead, and how it differs from what OSS saw. */
type Guess = { text: string; difference: string }

const METHODS = ['GET', 'PUT', 'POST', 'HEAD', 'DELETE']
const TYPES = [
  'application/octet-stream',
  'application/json',
  'text/plain',
  'application/x-www-form-urlencoded',
]
const SUBJECT = 'signature'

/**
 * Finds the line in which the client's text differs from that of OSS, by trying: a text of one change whose signature is
 * the one that was sent. Nothing for an error without a string to sign.
 */
export function explainMismatch(fields: ErrorFields, secret?: string): Finding[] {
  const { StringToSign: text, SignatureProvided: provided } = fields
  if (text === undefined || provided === undefined) return []
  if (!secret) {
    const what = 'OSS says which text it signed: which line differs can be told with the secret'
    const fix = 'run it again with the secret in ALIBABA_CLOUD_ACCESS_KEY_SECRET'
    return [{ state: 'unknown', subject: SUBJECT, what, fix }]
  }
  const isV4 = text.startsWith(V4_ALGORITHM)
  const sign = isV4 ? signerV4(text, fields.CanonicalRequest ?? '') : signV1
  const secrets: Guess[] = [
    { text: secret, difference: '' },
    { text: secret.trim(), difference: 'the secret itself has spaces or a line break around it' },
    { text: `${secret}\n`, difference: 'the secret was used with a line break at its end' },
  ]
  const source = isV4 ? (fields.CanonicalRequest ?? '') : text
  const guesses = [{ text: source, difference: '' }, ...(isV4 ? guessV4(source) : guessV1(text))]
  for (const { text: candidate, difference: ofSecret } of secrets) {
    const guess = guesses.find((each) => isSame(sign(candidate, each.text), provided))
    if (guess) return [toFinding(ofSecret || guess.difference)]
  }
  return [
    {
      state: 'wrong',
      subject: SUBJECT,
      what: 'no single change explains it: the secret is of another key, or several lines differ',
      fix: "compare the client's canonical request with that of OSS, line by line, and check the secret",
    },
  ]
}

function toFinding(difference: string): Finding {
  if (difference === '') {
    const what =
      'is right for this secret: the request was changed after the answer, or the key was replaced'
    return { state: 'unknown', subject: SUBJECT, what, fix: 'send the request again' }
  }
  return {
    state: 'wrong',
    subject: SUBJECT,
    what: difference,
    fix: 'send what was signed, or sign what is sent',
  }
}

type Sign = (secret: string, text: string) => string

function signerV4(text: string, request: string): Sign {
  const [, timestamp = '', scope = ''] = text.split('\n')
  const [day = '', region = '', product] = scope.split('/')
  // A form has no canonical request: its policy is signed.
  return (secret, candidate) =>
    signature(
      hmacKey('sha256', signingKey(secret, day, region, product)),
      request === '' ? text : stringToSign(timestamp, scope, candidate),
    )
}

function signV1(secret: string, text: string): string {
  return hmac(hmacKey('sha1', secret), text, 'base64')
}

/** The canonical request with one line changed, each way that is met. */
function guessV4(request: string): Guess[] {
  const lines = request.split('\n')
  const [method = '', uri = '', query = ''] = lines
  const headers = lines.slice(3, -3)
  const put = (at: number, line: string, name: string) => ({
    text: replaceLine(lines, at, line),
    difference: `line ${at + 1}, ${name}`,
  })
  return [
    ...METHODS.filter((each) => each !== method).map((each) =>
      put(0, each, `the method: ${each} was signed, ${method} was sent`),
    ),
    put(1, uri.replace(/^\/[^/]+/, ''), 'the path: it was signed without the bucket'),
    put(1, tryDecode(uri), 'the path: it was signed without percent-encoding'),
    put(1, uri.replaceAll('%', '%25'), 'the path: it was encoded twice'),
    put(2, tryDecode(query), 'the query: it was signed without percent-encoding'),
    ...query
      .split('&')
      .filter(Boolean)
      .map((pair) =>
        put(
          2,
          query
            .split('&')
            .filter((each) => each !== pair)
            .join('&'),
          `the query: ${pair.split('=')[0]} was added after the signature`,
        ),
      ),
    ...headers.flatMap((line, index) => guessHeader(lines, index + 3, line)),
    ...TYPES.filter(() => !headers.some((line) => line.startsWith('content-type:'))).map(
      (type) => ({
        text: [
          ...lines.slice(0, 3),
          ...[...headers.filter(Boolean), `content-type:${type}`].sort(),
          '',
          ...lines.slice(-2),
        ].join('\n'),
        difference: `the headers: content-type ${type} was signed, none was sent`,
      }),
    ),
  ]
}

function guessHeader(lines: readonly string[], at: number, line: string): Guess[] {
  const name = line.split(':')[0] ?? ''
  if (name === '') return []
  const without = lines.filter((_, index) => index !== at).join('\n')
  return [
    {
      text: without,
      difference: `line ${at + 1}, the header ${name}: it was sent, but not signed`,
    },
    ...(name === 'content-type' ? TYPES : []).map((value) => ({
      text: replaceLine(lines, at, `${name}:${value}`),
      difference: `line ${at + 1}, the header ${name}: ${value} was signed, another was sent`,
    })),
  ]
}

/** The string to sign of version 1 with one line changed. */
function guessV1(text: string): Guess[] {
  const lines = text.split('\n')
  const put = (at: number, line: string, difference: string) => ({
    text: replaceLine(lines, at, line),
    difference: `line ${at + 1}, ${difference}`,
  })
  const [method = ''] = lines
  return [
    ...METHODS.filter((each) => each !== method).map((each) =>
      put(0, each, `the method: ${each} was signed, ${method} was sent`),
    ),
    put(1, '', 'content-md5: it was sent, but not signed'),
    ...['', ...TYPES].map((type) =>
      put(2, type, `content-type: ${type || 'none'} was signed, another was sent`),
    ),
    ...lines.slice(4, -1).map((line, index) => ({
      text: lines.filter((_, at) => at !== index + 4).join('\n'),
      difference: `line ${index + 5}, the header ${line.split(':')[0]}: it was sent, but not signed`,
    })),
    put(
      lines.length - 1,
      (lines.at(-1) ?? '').replace(/\?.*$/, ''),
      'the sub-resources of the URL: they were not signed',
    ),
  ]
}

function replaceLine(lines: readonly string[], at: number, line: string): string {
  return lines.map((each, index) => (index === at ? line : each)).join('\n')
}

function tryDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // Not encoded in UTF-8, so there is nothing else to try.
    return text
  }
}
