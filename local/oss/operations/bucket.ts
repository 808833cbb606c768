import type { Answer, BucketContext, Cloud } from '../cloud'
import { DEFAULT_CORS_RULE } from '../cors'
import { ACCESS } from '../errors/access'
import { OBJECT } from '../errors/object'
import { OssError } from '../errors/oss-error'
import type { BucketSettings } from '../store/records'
import type { Bucket } from '../store/state'
import { firstValue } from '../wire'
import { asRecord, asText, parseXml, toXmlTime } from '../xml'
import { xmlAnswer } from '../xml-answer'
import { readBody, readXml } from './body'
import { readCount } from './multipart'
import { badArgument, readBucketAcl, STORAGE_CLASSES } from './object-headers'
import { type BareOperation, type Operation, onBucket } from './operation'

const MAX_BUCKETS = 1000

/** PutBucket: creates a bucket; an existing one of the account is left unchanged. */
export const putBucket: BareOperation = {
  name: 'PutBucket',
  needs: onBucket('oss:PutBucket'),
  runBare: async ({ cloud, request, body }) => {
    const acl = readBucketAcl(request.headers['x-oss-acl'])
    const storageClass = readStorageClass((await readBody(body, request.headers)).toString('utf8'))
    // Block Public Access is enabled in every bucket created through the API since October 2025.
    if (acl !== 'private') throw new OssError(ACCESS.publicBucketAcl)
    if (!cloud.store.bucket(request.bucket)) {
      const settings = newSettings({ storageClass, createdAt: cloud.now(), blocks: true })
      cloud.store.commit({ type: 'bucket', bucket: request.bucket, settings })
    }
    return { status: 200, headers: { location: `/${request.bucket}` } }
  },
}

/** Returns the settings of a new bucket; `blocks` enables Block Public Access. */
export function newSettings(options: {
  storageClass: string
  createdAt: number
  blocks: boolean
}): BucketSettings {
  const { storageClass, createdAt, blocks } = options
  const cors = { rules: [DEFAULT_CORS_RULE], varyOrigin: false }
  return { acl: 'private', storageClass, createdAt, blocksPublicAccess: blocks, cors }
}

/** DeleteBucket: deletes an empty bucket. */
export const deleteBucket: Operation = {
  name: 'DeleteBucket',
  needs: onBucket('oss:DeleteBucket'),
  run: ({ cloud, bucket }) => {
    if (bucket.objects.size > 0 || bucket.uploads.size > 0) {
      throw new OssError(OBJECT.bucketNotEmpty, { BucketName: bucket.name })
    }
    cloud.store.commit({ type: 'delete-bucket', bucket: bucket.name })
    return { status: 204 }
  },
}

/** HEAD of a bucket: checks that it exists and may be read. */
export const headBucket: Operation = {
  name: 'HeadBucket',
  needs: onBucket('oss:GetBucketInfo'),
  run: ({ cloud }) => ({ status: 200, headers: { 'x-oss-bucket-region': `oss-${cloud.region}` } }),
}

/** The GetBucketLocation operation. */
export const getBucketLocation: Operation = {
  name: 'GetBucketLocation',
  needs: onBucket('oss:GetBucketLocation'),
  run: ({ cloud }) => xmlAnswer('LocationConstraint', `oss-${cloud.region}`),
}

/** The GetBucketInfo operation. */
export const getBucketInfo: Operation = {
  name: 'GetBucketInfo',
  needs: onBucket('oss:GetBucketInfo'),
  run: ({ cloud, bucket }) =>
    xmlAnswer('BucketInfo', {
      Bucket: {
        ...describe(cloud, bucket),
        AccessControlList: { Grant: bucket.settings.acl },
        BlockPublicAccess: bucket.settings.blocksPublicAccess,
        DataRedundancyType: 'LRS',
        Owner: { ID: cloud.account.id, DisplayName: cloud.account.id },
      },
    }),
}

/** ListBuckets: lists the buckets of the account. */
export const listBuckets: BareOperation = {
  name: 'ListBuckets',
  needs: () => [{ action: 'oss:ListBuckets', bucket: '*', key: '' }],
  runBare: ({ cloud, request }): Answer => {
    const value = (name: string) => firstValue(request.query, name)
    const [prefix, marker] = [value('prefix') ?? '', value('marker') ?? '']
    const limits = { min: 1, max: MAX_BUCKETS, fallback: 100 }
    const max = readCount('max-keys', value('max-keys'), limits)
    const found = cloud.store
      .buckets()
      .filter(({ name }) => name.startsWith(prefix) && name > marker)
      .sort((a, b) => (a.name < b.name ? -1 : 1))
    const page = found.slice(0, max)
    return xmlAnswer('ListAllMyBucketsResult', {
      Prefix: prefix,
      Marker: marker,
      MaxKeys: max,
      IsTruncated: found.length > max,
      NextMarker: found.length > max ? page.at(-1)?.name : undefined,
      Owner: { ID: cloud.account.id, DisplayName: cloud.account.id },
      Buckets: { Bucket: page.map((bucket) => describe(cloud, bucket)) },
    })
  },
}

/** The PutBucketPublicAccessBlock operation. */
export const putPublicAccessBlock: Operation = {
  name: 'PutBucketPublicAccessBlock',
  needs: onBucket('oss:PutBucketPublicAccessBlock'),
  run: async (context) => {
    const root = 'PublicAccessBlockConfiguration'
    const { body, request } = context
    const document = await readXml(body, request.headers, root, OBJECT.malformedXml)
    const value = asText(document.BlockPublicAccess)
    if (value !== 'true' && value !== 'false') throw new OssError(OBJECT.malformedXml)
    return saveBlock(context, value === 'true', 200)
  },
}

/** The GetBucketPublicAccessBlock operation. */
export const getPublicAccessBlock: Operation = {
  name: 'GetBucketPublicAccessBlock',
  needs: onBucket('oss:GetBucketPublicAccessBlock'),
  run: ({ bucket }) =>
    xmlAnswer('PublicAccessBlockConfiguration', {
      BlockPublicAccess: bucket.settings.blocksPublicAccess,
    }),
}

/** The DeleteBucketPublicAccessBlock operation. */
export const deletePublicAccessBlock: Operation = {
  name: 'DeleteBucketPublicAccessBlock',
  needs: onBucket('oss:DeleteBucketPublicAccessBlock'),
  run: (context) => saveBlock(context, false, 204),
}

function saveBlock({ cloud, bucket }: BucketContext, blocks: boolean, status: number): Answer {
  const settings = { ...bucket.settings, blocksPublicAccess: blocks }
  cloud.store.commit({ type: 'bucket', bucket: bucket.name, settings })
  return { status }
}

function describe({ region }: Cloud, { name, settings }: Bucket) {
  return {
    CreationDate: toXmlTime(settings.createdAt),
    ExtranetEndpoint: `oss-${region}.aliyuncs.com`,
    IntranetEndpoint: `oss-${region}-internal.aliyuncs.com`,
    Location: `oss-${region}`,
    Name: name,
    Region: region,
    StorageClass: settings.storageClass,
  }
}

function readStorageClass(text: string): string {
  if (text.trim() === '') return 'Standard'
  const content = asRecord(parseXml(text)?.CreateBucketConfiguration)
  if (!content) throw new OssError(OBJECT.malformedXml)
  const storageClass = asText(content.StorageClass) ?? 'Standard'
  if (!STORAGE_CLASSES.has(storageClass)) throw badArgument('StorageClass', storageClass)
  return storageClass
}
