import type { Caller } from '../auth/caller'
import { Refusal } from '../errors'
import { checkAllowed } from '../policy/allow'
import type { DecideContext } from '../policy/permit'
import type { DownloadRule, Rule, UploadRule } from '../rules/rule'

const UPLOAD = ['mechanisms', 'contentTypes', 'ttlSeconds', 'overwrite', 'needsMd5'] as const
const DOWNLOAD = ['mechanisms', 'ttlSeconds', 'as', 'styles'] as const

/** The public description of a rule: its mechanisms and limits, without its keys and its `allow`. */
export type RuleDescription = {
  name: string
  upload?: Pick<UploadRule, (typeof UPLOAD)[number]> & {
    minBytes?: number
    maxBytes?: number
    multipart: boolean
    metadata: Record<string, number>
  }
  download?: Pick<DownloadRule, (typeof DOWNLOAD)[number]>
  list?: { ttlSeconds: number }
  remove?: { ttlSeconds: number }
}

/** Describes the rules that this caller may use, in the order of `rules.ts`. */
export async function describeRules(
  caller: Caller,
  { rules }: Pick<DecideContext, 'rules'>,
): Promise<{ rules: RuleDescription[] }> {
  const all = [...rules.values()]
  const allowed = await Promise.all(all.map((rule) => isAllowed(caller, rule)))
  return { rules: all.filter((_, index) => allowed[index]).map(describe) }
}

async function isAllowed(caller: Caller, rule: Rule): Promise<boolean> {
  try {
    await checkAllowed(caller, { operation: 'rules', rule: rule.name }, rule)
    return true
  } catch (error) {
    // An `allow` that throws because the rest of a request is missing does not allow the rule either.
    if (error instanceof Refusal) return false
    throw error
  }
}

function describe({ name, upload, download, list, remove }: Rule): RuleDescription {
  return {
    name,
    ...(upload && { upload: describeUpload(upload) }),
    ...(download && { download: pick(download, DOWNLOAD) }),
    ...(list && { list }),
    ...(remove && { remove }),
  }
}

function describeUpload(upload: UploadRule) {
  return {
    ...pick(upload, upload.isSized ? [...UPLOAD, 'minBytes', 'maxBytes'] : UPLOAD),
    multipart: upload.multipart !== undefined,
    metadata: Object.fromEntries(upload.metadata ?? []),
  }
}

function pick<Part extends object, Name extends keyof Part>(
  part: Part,
  names: readonly Name[],
): Pick<Part, Name> {
  return Object.fromEntries(names.map((name) => [name, part[name]])) as Pick<Part, Name>
}
