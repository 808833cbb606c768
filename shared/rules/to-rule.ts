import { MAX_OBJECT_BYTES } from '../signing/limits'
import { toPartBytes } from '../signing/part-bytes'
import type { DownloadRule, Rule, UploadRule } from './rule'
import type { DownloadInput, RuleInput, UploadInput } from './rule-input'
import { toTemplate } from './template'

/** The maximum size of a file that is uploaded in one request by default (OSS recommends multipart upload from 100 MB on). */
const MAX_WHOLE_BYTES = 100 * 1024 ** 2

const TTL_SECONDS = 900
// 12 hours.
const LINK_SECONDS = 43_200

/** Returns the rule of a valid entry of `rules.ts` with all defaults filled in. */
export function toRule(name: string, input: RuleInput): Rule {
  const { bucket, allow, withinToken, linkSeconds, upload, download, list, remove } = input
  const uploadRule = upload && toUpload(upload)
  return {
    name,
    ...(bucket !== undefined && { bucket }),
    ...(allow !== undefined && { allow }),
    template: toTemplate(input.key),
    ...(withinToken && { withinToken }),
    linkSeconds: linkSeconds ?? LINK_SECONDS,
    ...(uploadRule && { upload: uploadRule }),
    ...(download && { download: toDownload(download, uploadRule) }),
    ...(list && { list: { ttlSeconds: TTL_SECONDS, ...list } }),
    ...(remove && { remove: { ttlSeconds: TTL_SECONDS, ...remove } }),
  }
}

function toUpload(input: UploadInput): UploadRule {
  const { cacheControl, contentDisposition, storageClass, serverSideEncryption, kmsKeyId } = input
  const { acl = 'private', multipart: _, metadata, contentMd5, ...rest } = input
  const chosen = {
    'x-oss-server-side-encryption': serverSideEncryption,
    'x-oss-server-side-encryption-key-id': kmsKeyId,
    'cache-control': cacheControl,
    'content-disposition': contentDisposition,
  }
  const headers = Object.entries(chosen).filter(([, value]) => value !== undefined)
  const filled = {
    contentTypes: ['*/*'],
    minBytes: 0,
    ttlSeconds: TTL_SECONDS,
    overwrite: false,
    mechanisms: ['form', 'url'] as const,
    unenforced: {},
    sniff: false,
    once: false,
    bindSourceIp: false,
    ...rest,
    maxBytes: maxBytesOf(input),
  }
  return {
    ...filled,
    isSized: isSized(input),
    ...(metadata && { metadata: new Map(Object.entries(metadata)) }),
    headers: {
      'x-oss-object-acl': acl,
      'x-oss-storage-class': storageClass ?? 'Standard',
      ...Object.fromEntries(headers),
    },
    fixesHeaders: headers.length > 0 || storageClass !== undefined,
    needsMd5: contentMd5 !== undefined,
    ...toMultipart(input, filled),
  }
}

function toMultipart(
  input: UploadInput,
  { mechanisms, maxBytes }: Pick<UploadRule, 'mechanisms' | 'maxBytes'>,
): Pick<UploadRule, 'multipart'> {
  const { contentMd5, multipart } = input
  if (!mechanisms.includes('url') || contentMd5 !== undefined || multipart === false) return {}
  if (multipart) return { multipart }
  // Parts of uploads that are not completed remain, whatever the rule's limits, so small files do not use multipart upload.
  if (maxBytes <= MAX_WHOLE_BYTES) return {}
  // One object can contain parts of two plans, so a size limit requires plans with equal parts.
  return { multipart: isSized(input) ? { partBytes: toPartBytes(maxBytes) } : {} }
}

function isSized({ minBytes = 0, maxBytes }: UploadInput): boolean {
  return maxBytes !== undefined || minBytes > 0
}

function maxBytesOf({ maxBytes = MAX_OBJECT_BYTES }: UploadInput): number {
  return maxBytes
}

function toDownload(input: DownloadInput, upload: UploadRule | undefined): DownloadRule {
  const mechanisms = upload?.mechanisms.includes('sts')
    ? (['url', 'sts'] as const)
    : (['url'] as const)
  return { ttlSeconds: TTL_SECONDS, mechanisms, unenforced: {}, styles: [], list: false, ...input }
}
