import type { Answer, Cloud } from '../cloud'
import { ACCESS } from '../errors/access'
import { OBJECT } from '../errors/object'
import { OssError } from '../errors/oss-error'
import { xmlAnswer } from '../xml-answer'
import { findObject } from './get-object'
import { readBucketAcl, readObjectAcl } from './object-headers'
import { type Operation, onBucket, onObject } from './operation'
import { checkAcl } from './put-object'

/** The PutObjectAcl operation. */
export const putObjectAcl: Operation = {
  name: 'PutObjectAcl',
  needs: onObject('oss:PutObjectAcl'),
  run: (context) => {
    const header = context.request.headers['x-oss-object-acl']
    if (header === undefined) throw new OssError(OBJECT.missingArgument)
    const acl = readObjectAcl(header)
    checkAcl(context.bucket, acl)
    const record = { ...findObject(context), acl }
    context.cloud.store.commit({ type: 'put', bucket: context.bucket.name, record })
    return { status: 200 }
  },
}

/** The GetObjectAcl operation. */
export const getObjectAcl: Operation = {
  name: 'GetObjectAcl',
  needs: onObject('oss:GetObjectAcl'),
  run: (context) => aclAnswer(context.cloud, findObject(context).acl),
}

/** The PutBucketAcl operation. */
export const putBucketAcl: Operation = {
  name: 'PutBucketAcl',
  needs: onBucket('oss:PutBucketAcl'),
  run: ({ cloud, request, bucket }) => {
    const header = request.headers['x-oss-acl']
    if (header === undefined) throw new OssError(OBJECT.missingArgument)
    const acl = readBucketAcl(header)
    if (bucket.settings.blocksPublicAccess && acl !== 'private') {
      throw new OssError(ACCESS.publicBucketAcl)
    }
    const settings = { ...bucket.settings, acl }
    cloud.store.commit({ type: 'bucket', bucket: bucket.name, settings })
    return { status: 200 }
  },
}

/** The GetBucketAcl operation. */
export const getBucketAcl: Operation = {
  name: 'GetBucketAcl',
  needs: onBucket('oss:GetBucketAcl'),
  run: ({ cloud, bucket }) => aclAnswer(cloud, bucket.settings.acl),
}

function aclAnswer({ account }: Cloud, grant: string): Answer {
  return xmlAnswer('AccessControlPolicy', {
    Owner: { ID: account.id, DisplayName: account.id },
    AccessControlList: { Grant: grant },
  })
}
