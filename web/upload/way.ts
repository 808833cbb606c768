import type { RuleDescription } from '../../client'
import { waysOf } from '../../client/check-file'

/** How a file travels; `auto`: as its rule and its size suggest. */
export type Way = 'auto' | 'put' | 'form' | 'parts' | 'sts'

/** A rule that takes uploads. */
export type UploadRule = RuleDescription & { upload: NonNullable<RuleDescription['upload']> }

/** Returns the ways of sending that a rule allows, the default first. */
export function waysBy(rule: UploadRule): Way[] {
  const byClient = waysOf(rule)
  const hasSts = rule.upload.mechanisms.includes('sts')
  return [
    ...(byClient.length > 0 ? (['auto'] as const) : []),
    ...byClient,
    ...(hasSts ? (['sts'] as const) : []),
  ]
}
