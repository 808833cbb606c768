import { hmac, hmacKey } from '../../shared/signing/hash'
import { stringToSignV1 } from '../../shared/signing/v1'
import {
  canonicalRequest,
  signature,
  signingKey,
  stringToSign,
  V4_ALGORITHM,
} from '../../shared/signing/v4'
import { toIsoTime } from '../../shared/time'
import type { Finding } from '../findings'
import { isSame } from './is-same'

const HOST = /^(?:([a-z0-9][a-z0-9-]*)\.)?oss-([a-z0-9-]+?)(?:-internal)?\.aliyuncs\.com$/
const ALWAYS = ['x-oss-credential', 'x-oss-date', 'x-oss-expires', 'x-oss-signature']
const SKEW_SECONDS = 900
const MAX_SECONDS = 604_800

/** A request to explain: that of `/signed-url`, or a URL alone. */
export type SignedUrl = {
  url: string
  method?: string
  headers?: Readonly<Record<string, string>>
}

/** What the URL is checked with. */
export type UrlContext = { now: number; secret?: string; bucket?: string }

/** Explains a signed URL: version, lifetime, scope, token and, with the secret, its signature. */
export function explainUrl(request: SignedUrl, context: UrlContext): Finding[] {
  const url = new URL(request.url)
  const query = new URLSearchParams(url.search)
  if (query.get('x-oss-signature-version') === V4_ALGORITHM) return explainV4(request, url, context)
  if (query.has('OSSAccessKeyId') || query.has('Signature')) return explainV1(request, url, context)
  const fix = 'ask /signed-url for one, and keep everything behind the question mark'
  return [
    wrong(
      'signature',
      'the URL is not signed: OSS answers AccessDenied, unless the object is public',
      fix,
    ),
  ]
}

function explainV4(request: SignedUrl, url: URL, context: UrlContext): Finding[] {
  const query = url.searchParams
  const lost = ALWAYS.filter((name) => !query.get(name))
  if (lost.length > 0) {
    const fix = 'use the whole URL: a shell cuts it at &, some programs at a space'
    return [wrong('signature', `the URL lacks ${lost.join(', ')}`, fix)]
  }
  const [keyId = '', day = '', region = '', product, end] = (
    query.get('x-oss-credential') ?? ''
  ).split('/')
  const date = query.get('x-oss-date') ?? ''
  return [
    { state: 'ok', subject: 'version', what: 'is 4' },
    explainLife(parseDate(date), Number(query.get('x-oss-expires')), context.now),
    day === date.slice(0, 8) && product === 'oss' && end === 'aliyun_v4_request'
      ? { state: 'ok', subject: 'scope', what: `is of ${day}, ${region}` }
      : wrong(
          'scope',
          'x-oss-credential does not end in <day of x-oss-date>/<region>/oss/aliyun_v4_request',
          'sign with one time for both',
        ),
    ...explainRegion(url, region),
    explainToken(keyId, query.has('x-oss-security-token')),
    explainSignature(signV4(request, url, context), query.get('x-oss-signature') ?? '', context),
  ]
}

function explainV1(request: SignedUrl, url: URL, context: UrlContext): Finding[] {
  const query = url.searchParams
  const expires = Number(query.get('Expires'))
  const isOver = !(expires > context.now)
  return [
    {
      state: 'ok',
      subject: 'version',
      what: 'is 1, which new buckets refuse: SIGNATURE_VERSION=v4 is safer',
    },
    isOver
      ? wrong('lifetime', `ended at ${toTime(expires)}`, 'ask for a new URL just before it is used')
      : { state: 'ok', subject: 'lifetime', what: `ends at ${toTime(expires)}` },
    explainToken(query.get('OSSAccessKeyId') ?? '', query.has('security-token')),
    explainSignature(signV1(request, url, context), query.get('Signature') ?? '', context),
  ]
}

function explainLife(from: number, seconds: number, now: number): Finding {
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > MAX_SECONDS) {
    return wrong('lifetime', 'x-oss-expires is not 1 to 604800 seconds', 'count it from x-oss-date')
  }
  if (Number.isNaN(from))
    return wrong('lifetime', 'x-oss-date is no time like 20300101T000000Z', 'sign again')
  if (from > now + SKEW_SECONDS) {
    return wrong(
      'lifetime',
      `begins at ${toTime(from)}, which is to come`,
      'set the clock of the machine that signs',
    )
  }
  const end = from + seconds
  if (end <= now)
    return wrong('lifetime', `ended at ${toTime(end)}`, 'ask for a new URL just before it is used')
  return { state: 'ok', subject: 'lifetime', what: `ends at ${toTime(end)}` }
}

function explainRegion({ hostname }: URL, region: string): Finding[] {
  const host = HOST.exec(hostname)?.[2]
  if (host === undefined || host.startsWith('accelerate')) return []
  if (host === region)
    return [{ state: 'ok', subject: 'region', what: `is ${region} in host and signature` }]
  return [
    wrong(
      'region',
      `is ${host} in the host and ${region} in the signature`,
      "set OSS_REGION and OSS_ENDPOINT to the bucket's region",
    ),
  ]
}

function explainToken(keyId: string, hasToken: boolean): Finding {
  const isSts = keyId.startsWith('STS.')
  if (isSts === hasToken)
    return {
      state: 'ok',
      subject: 'token',
      what: isSts ? 'is there, as an STS key needs it' : 'is not needed',
    }
  return isSts
    ? wrong(
        'token',
        'is missing, and the key id is one of STS',
        'sign with the token of the credentials',
      )
    : wrong(
        'token',
        'is there, but the key id is none of STS',
        'sign with the key id of the same credentials',
      )
}

function explainSignature(own: string | undefined, sent: string, { secret }: UrlContext): Finding {
  if (!secret) {
    const fix = 'run it again with the secret in ALIBABA_CLOUD_ACCESS_KEY_SECRET'
    return {
      state: 'unknown',
      subject: 'signature',
      what: 'can be checked with the secret alone',
      fix,
    }
  }
  if (own !== undefined && isSame(own, sent))
    return { state: 'ok', subject: 'signature', what: 'is right for this method and these headers' }
  const fix =
    'give the whole answer of /signed-url, with its method and headers; explain the error of OSS to see the line'
  return wrong(
    'signature',
    'is not that of this method, path, query and headers with this secret',
    fix,
  )
}

function signV4(
  { method = 'GET', headers = {} }: SignedUrl,
  url: URL,
  { secret = '', bucket }: UrlContext,
) {
  const query = url.searchParams
  const [, day = '', region = '', product = ''] = (query.get('x-oss-credential') ?? '').split('/')
  const scope = `${day}/${region}/${product}/aliyun_v4_request`
  const pairs = url.search
    .slice(1)
    .split('&')
    .filter((pair) => !pair.startsWith('x-oss-signature='))
  const request = canonicalRequest({
    method,
    uri: toUri(url, bucket),
    query: pairs.sort().join('&'),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    additionalHeaders: (query.get('x-oss-additional-headers') ?? '').split(';').filter(Boolean),
  })
  const key = hmacKey('sha256', signingKey(secret, day, region, product))
  return signature(key, stringToSign(query.get('x-oss-date') ?? '', scope, request))
}

function signV1(
  { method = 'GET', headers = {} }: SignedUrl,
  url: URL,
  { secret = '', bucket }: UrlContext,
) {
  const [, name = '', key = ''] =
    /^\/([^/]*)\/(.*)$/s.exec(decodeURIComponent(toUri(url, bucket))) ?? []
  const text = stringToSignV1({
    method,
    bucket: name,
    key,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(
      Object.entries(headers).map(([each, value]) => [each.toLowerCase(), value]),
    ),
    date: url.searchParams.get('Expires') ?? '',
  })
  return hmac(hmacKey('sha1', secret), text, 'base64')
}

// The bucket is in the host, unless the host is a service's own or a custom domain, whose bucket is to be named.
function toUri({ hostname, pathname }: URL, bucket = HOST.exec(hostname)?.[1]): string {
  const isInPath = bucket === undefined || pathname.startsWith(`/${bucket}/`)
  return isInPath ? pathname : `/${bucket}${pathname}`
}

function parseDate(text: string): number {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z')
  return Date.parse(iso) / 1000
}

function toTime(seconds: number): string {
  return Number.isNaN(new Date(seconds * 1000).valueOf()) ? 'no time' : toIsoTime(seconds)
}

function wrong(subject: string, what: string, fix: string): Finding {
  return { state: 'wrong', subject, what, fix }
}
