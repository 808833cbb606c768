import type { BucketContext } from '../cloud'
import { OBJECT } from '../errors/object'
import { OssError } from '../errors/oss-error'
import type { LifecycleRule } from '../store/records'
import { asList, asRecord, asText } from '../xml'
import { xmlAnswer } from '../xml-answer'
import { readXml } from './body'
import { type Operation, onBucket } from './operation'

const MAX_RULES = 1000
const ACTIONS = ['Expiration', 'AbortMultipartUpload'] as const

/** PutBucketLifecycle: replaces all rules. They are kept and returned, and never applied. */
export const putBucketLifecycle: Operation = {
  name: 'PutBucketLifecycle',
  needs: onBucket('oss:PutBucketLifecycle'),
  run: async (context) => {
    const { body, request } = context
    const root = 'LifecycleConfiguration'
    const document = await readXml(body, request.headers, root, OBJECT.malformedXml)
    const rules = asList(document.Rule).map(parseRule)
    const prefixes = new Set(rules.map(({ prefix }) => prefix))
    if (rules.length === 0 || rules.length > MAX_RULES || prefixes.size < rules.length) {
      throw new OssError(OBJECT.malformedXml)
    }
    saveRules(context, rules)
    return { status: 200 }
  },
}

/** The GetBucketLifecycle operation. */
export const getBucketLifecycle: Operation = {
  name: 'GetBucketLifecycle',
  needs: onBucket('oss:GetBucketLifecycle'),
  run: ({ bucket }) => {
    const { lifecycle } = bucket.settings
    if (!lifecycle) throw new OssError(OBJECT.noSuchLifecycle, { BucketName: bucket.name })
    return xmlAnswer('LifecycleConfiguration', {
      Rule: lifecycle.map(({ id, prefix, status, days }) => ({
        ID: id,
        Prefix: prefix,
        Status: status,
        ...Object.fromEntries(Object.entries(days).map(([action, Days]) => [action, { Days }])),
      })),
    })
  },
}

/** The DeleteBucketLifecycle operation. */
export const deleteBucketLifecycle: Operation = {
  name: 'DeleteBucketLifecycle',
  needs: onBucket('oss:DeleteBucketLifecycle'),
  run: (context) => {
    saveRules(context, undefined)
    return { status: 204 }
  },
}

/** GetBucketVersioning: versioning was never on, unless an injected fault says that it is suspended. */
export const getBucketVersioning: Operation = {
  name: 'GetBucketVersioning',
  needs: onBucket('oss:GetBucketVersioning'),
  run: ({ cloud }) =>
    xmlAnswer('VersioningConfiguration', cloud.isVersioned ? { Status: 'Suspended' } : {}),
}

function saveRules({ cloud, bucket }: BucketContext, rules: LifecycleRule[] | undefined): void {
  const { lifecycle: _, ...rest } = bucket.settings
  const settings = rules ? { ...rest, lifecycle: rules } : rest
  cloud.store.commit({ type: 'bucket', bucket: bucket.name, settings })
}

// Rules by days that remove objects or parts; others are not emulated.
function parseRule(value: unknown, index: number): LifecycleRule {
  const rule = asRecord(value)
  const status = asText(rule?.Status)
  const days = Object.fromEntries(
    ACTIONS.flatMap((action) => {
      const text = asText(asRecord(rule?.[action])?.Days)
      return text !== undefined && /^[1-9]\d{0,5}$/.test(text) ? [[action, Number(text)]] : []
    }),
  )
  const isStatus = status === 'Enabled' || status === 'Disabled'
  if (!rule || !isStatus || Object.keys(days).length === 0) throw new OssError(OBJECT.malformedXml)
  return {
    id: asText(rule.ID) || `rule-${index + 1}`,
    prefix: asText(rule.Prefix) ?? '',
    status,
    days,
  }
}
