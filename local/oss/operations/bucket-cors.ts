import type { BucketContext } from '../cloud'
import { OBJECT } from '../errors/object'
import { OssError } from '../errors/oss-error'
import type { BucketSettings, CorsRule } from '../store/records'
import { isHeaderValue } from '../wire'
import { asList, asRecord, asText } from '../xml'
import { xmlAnswer } from '../xml-answer'
import { readXml } from './body'
import { badArgument } from './object-headers'
import { type Operation, onBucket } from './operation'

const MAX_RULES = 10
const METHODS = new Set(['GET', 'PUT', 'DELETE', 'POST', 'HEAD'])

/** PutBucketCors: replaces all rules. */
export const putBucketCors: Operation = {
  name: 'PutBucketCors',
  needs: onBucket('oss:PutBucketCors'),
  run: async (context) => {
    const document = await readXml(
      context.body,
      context.request.headers,
      'CORSConfiguration',
      OBJECT.malformedXml,
    )
    const rules = asList(document.CORSRule).map(parseRule)
    if (rules.length === 0 || rules.length > MAX_RULES) throw new OssError(OBJECT.malformedXml)
    saveCors(context, { rules, varyOrigin: asText(document.ResponseVary) === 'true' })
    return { status: 200 }
  },
}

/** The GetBucketCors operation. */
export const getBucketCors: Operation = {
  name: 'GetBucketCors',
  needs: onBucket('oss:GetBucketCors'),
  run: ({ bucket }) => {
    const { cors } = bucket.settings
    if (!cors) throw new OssError(OBJECT.noSuchCors, { BucketName: bucket.name })
    return xmlAnswer('CORSConfiguration', {
      CORSRule: cors.rules.map((rule) => ({
        AllowedOrigin: rule.allowedOrigins,
        AllowedMethod: rule.allowedMethods,
        AllowedHeader: rule.allowedHeaders,
        ExposeHeader: rule.exposeHeaders,
        MaxAgeSeconds: rule.maxAgeSeconds,
      })),
      ResponseVary: cors.varyOrigin,
    })
  },
}

/** The DeleteBucketCors operation. */
export const deleteBucketCors: Operation = {
  name: 'DeleteBucketCors',
  needs: onBucket('oss:DeleteBucketCors'),
  run: (context) => {
    saveCors(context, undefined)
    return { status: 204 }
  },
}

function saveCors({ cloud, bucket }: BucketContext, cors: BucketSettings['cors']): void {
  const { cors: _, ...rest } = bucket.settings
  cloud.store.commit({
    type: 'bucket',
    bucket: bucket.name,
    settings: cors ? { ...rest, cors } : rest,
  })
}

function parseRule(value: unknown): CorsRule {
  const rule = asRecord(value)
  if (!rule) throw new OssError(OBJECT.malformedXml)
  const parsed: CorsRule = {
    allowedOrigins: patterns('AllowedOrigin', rule.AllowedOrigin),
    allowedMethods: texts(rule.AllowedMethod),
    allowedHeaders: patterns('AllowedHeader', rule.AllowedHeader),
    exposeHeaders: texts(rule.ExposeHeader),
  }
  const method = parsed.allowedMethods.find((name) => !METHODS.has(name))
  if (method !== undefined) throw badArgument('AllowedMethod', method)
  const exposed = parsed.exposeHeaders.find((name) => name.includes('*'))
  if (exposed !== undefined) throw badArgument('ExposeHeader', exposed)
  if (parsed.allowedOrigins.length === 0 || parsed.allowedMethods.length === 0) {
    throw new OssError(OBJECT.malformedXml)
  }
  const age = rule.MaxAgeSeconds
  return age === undefined ? parsed : { ...parsed, maxAgeSeconds: parseAge(age) }
}

function patterns(name: string, value: unknown): string[] {
  const list = texts(value)
  const bad = list.find((pattern) => pattern.split('*').length > 2)
  if (bad !== undefined) throw badArgument(name, bad)
  return list
}

function texts(value: unknown): string[] {
  return asList(value).map((item) => {
    const text = asText(item)
    if (!text || !isHeaderValue(text)) throw new OssError(OBJECT.malformedXml)
    return text
  })
}

function parseAge(value: unknown): number {
  const text = asText(value) ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new OssError(OBJECT.malformedXml)
}
