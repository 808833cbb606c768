import * as v from 'valibot'
import type { Issue } from '../errors'
import { describeIssue, toIssues } from '../schema/issues'
import { MAX_OBJECT_BYTES } from '../signing/limits'
import { toPartBytes } from '../signing/part-bytes'
import type { Rule, UploadRule } from './rule'
import { type ParsedRule, type RuleInput, ruleSchema } from './rule-input'
import { findRuleIssues } from './rule-issues'
import { findTemplateIssues, MAX_TEMPLATE_CHARS, toTemplate } from './template'

/** The largest file that is as well put whole: OSS's own advice is parts from 100 MB on. */
export const MAX_WHOLE_BYTES = 100 * 1024 ** 2

type ParsedUpload = NonNullable<ParsedRule['upload']>

/** The rule in an entry of `rules.ts`, or every issue that keeps it from being one. */
export function parseRule(name: string, input: RuleInput): { rule?: Rule; issues: Issue[] } {
  try {
    return parse(name, input)
  } catch (error) {
    // A getter of the entry threw: the other rules are still told of.
    return {
      issues: [{ path: name, message: `can't be read (${String(error)}; use plain values)` }],
    }
  }
}

function parse(name: string, input: RuleInput): { rule?: Rule; issues: Issue[] } {
  const parsed = v.safeParse(ruleSchema, input, { message: describeIssue })
  const issues = [
    ...toIssues(parsed.issues),
    ...findKeyIssues(input).map((message) => ({ path: 'key', message })),
  ]
  if (!parsed.success || issues.length > 0) return { issues: issues.map(toNamed(name)) }
  const rule = toRule(name, parsed.output)
  return { rule, issues: findRuleIssues(rule, parsed.output).map(toNamed(name)) }
}

// Looks at the key of entries that are malformed elsewhere, too: all issues come at once.
function findKeyIssues(input: RuleInput | null): string[] {
  if (typeof input?.key !== 'string' || input.key.length > MAX_TEMPLATE_CHARS) return []
  const issues = findTemplateIssues(input.key)
  if (issues.length > 0 || input.shared || toTemplate(input.key).isolates) return issues
  return [
    'does not tell callers apart (put {sub}/ before {uuid}, {ext} and {path}, or say shared: true)',
  ]
}

function toNamed(name: string): (issue: Issue) => Issue {
  return ({ path, message }) => ({ path: [name, path].filter(Boolean).join('.'), message })
}

function toRule(name: string, input: ParsedRule): Rule {
  const { bucket, allow, withinToken, upload } = input
  return {
    name,
    ...(bucket !== undefined && { bucket }),
    ...(allow !== undefined && { allow }),
    template: toTemplate(input.key),
    ...(withinToken && { withinToken }),
    ...(upload && { upload: toUpload(upload) }),
    ...toDownload(input),
    ...(input.list && { list: input.list }),
  }
}

function toUpload(input: ParsedUpload): UploadRule {
  const { cacheControl, contentDisposition, storageClass, serverSideEncryption, kmsKeyId } = input
  const { acl, multipart: _, metadata, contentMd5, ...rest } = input
  const chosen = {
    'x-oss-server-side-encryption': serverSideEncryption,
    'x-oss-server-side-encryption-key-id': kmsKeyId,
    'cache-control': cacheControl,
    'content-disposition': contentDisposition,
  }
  const headers = Object.entries(chosen).filter(([, value]) => value !== undefined)
  return {
    ...rest,
    maxBytes: maxBytesOf(input),
    isSized: isSized(input),
    ...(metadata && { metadata: new Map(Object.entries(metadata)) }),
    headers: {
      'x-oss-object-acl': acl,
      'x-oss-storage-class': storageClass ?? 'Standard',
      ...Object.fromEntries(headers),
    },
    fixesHeaders: headers.length > 0 || storageClass !== undefined,
    needsMd5: contentMd5 !== undefined,
    ...toMultipart(input),
  }
}

function toMultipart(input: ParsedUpload): Pick<UploadRule, 'multipart'> {
  const { mechanisms, contentMd5, multipart } = input
  if (!mechanisms.includes('url') || contentMd5 !== undefined || multipart === false) return {}
  if (multipart) return { multipart }
  const maxBytes = maxBytesOf(input)
  // Parts that are never completed stay, whatever the rule says of sizes: they are for those who need them.
  if (maxBytes <= MAX_WHOLE_BYTES) return {}
  // Parts of two plans can end up in one object, so only plans of equal parts keep it below the limit.
  return { multipart: isSized(input) ? { partBytes: toPartBytes(maxBytes) } : {} }
}

function isSized({ minBytes, maxBytes }: ParsedUpload): boolean {
  return maxBytes !== undefined || minBytes > 0
}

function maxBytesOf({ maxBytes = MAX_OBJECT_BYTES }: ParsedUpload): number {
  return maxBytes
}

function toDownload({ upload, download }: ParsedRule): Pick<Rule, 'download'> {
  if (download === undefined) return {}
  const { mechanisms = upload?.mechanisms.includes('sts') ? ['url', 'sts'] : ['url'] } = download
  return { download: { ...download, mechanisms } }
}
