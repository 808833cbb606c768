import type { Rule } from '../rules/rule'
import type { Rules } from '../rules/rules'

// Those of Seoul, Bangkok, Riyadh and Nanjing (OSS: Callback, supported regions).
const WITHOUT_CALLBACK = /^(ap-northeast-2|ap-southeast-7|me-central-1|cn-nanjing)$/

/** Throws when OSS sends no callbacks in this region and a rule needs them. */
export function checkCallbackRegion(rules: Rules, region: string): void {
  if (!WITHOUT_CALLBACK.test(region)) return
  const names = [...rules.values()].filter(needsCallback).map(({ name }) => name)
  if (names.length === 0) return
  throw new Error(
    `OSS_REGION: OSS sends no callbacks in ${region}, which these rules need: ${names.join(', ')} (use a bucket in another region, or only the mechanisms sts and form, with callback in their unenforced)`,
  )
}

function needsCallback({ upload }: Rule): boolean {
  return !!upload?.mechanisms.some((each) => !upload.unenforced[each]?.includes('callback'))
}
