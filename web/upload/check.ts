import { OssDirectError } from '../../client'
import { checkFile } from '../../client/check-file'
import { describeFile } from '../../client/describe-file'
import { formatApart } from '../ui/format'
import { listTypes } from './accepted'
import { type Failure, refusedFile, refusedName } from './failure'
import { findNameIssue } from './name'
import type { UploadRule } from './way'

/** Finds why a file can't be uploaded by a rule, before anything is sent. */
export function findFileIssue(
  { file, path }: { file: File; path: string },
  rule: UploadRule,
): Failure | undefined {
  const nameIssue = findNameIssue(path)
  if (nameIssue) return refusedName(nameIssue)
  const { contentType } = describeFile(file, { filename: path })
  try {
    checkFile({ contentType, size: file.size }, rule)
    return undefined
  } catch (error) {
    if (!(error instanceof OssDirectError)) throw error
    return sayWhy(error.code, { contentType, size: file.size }, rule)
  }
}

function sayWhy(
  code: string,
  { contentType, size }: { contentType: string; size: number },
  { upload }: UploadRule,
): Failure {
  const { contentTypes, minBytes = 0, maxBytes = 0 } = upload
  if (code === 'file_type_not_allowed') {
    const values = { type: contentType, allowed: listTypes(contentTypes) }
    return refusedFile(code, ['fail.type.limit', 'fail.type.advice'], values)
  }
  if (code === 'file_too_large') {
    const [limit, own] = formatApart(maxBytes, size)
    return refusedFile(code, ['fail.tooLarge.limit', 'fail.tooLarge.advice'], { limit, own })
  }
  if (code === 'file_too_small') {
    const [limit, own] = formatApart(minBytes, size)
    return refusedFile(code, ['fail.tooSmall.limit'], { limit, own })
  }
  return refusedFile(code, ['fail.notAllowed', 'fail.notAllowed.advice'])
}
