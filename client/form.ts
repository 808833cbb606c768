import type { Api } from './api'
import { checkFile, chooseWay } from './check-file'
import { describeFile } from './describe-file'
import type { Rules } from './rules'
import { askPatiently, askSigned } from './signed'
import type { FieldsOptions, FormFields, Source } from './types'

/** Signs the form of one upload of this file, which somebody else sends. */
export function signForm(
  { api, rules }: { api: Api; rules: Rules },
  name: string,
  ...[file, { signal, ...options } = {}]: [
    file: Pick<Source, 'name' | 'type' | 'size'>,
    options?: FieldsOptions,
  ]
): Promise<FormFields> {
  return rules.use(name, async (rule) => {
    const described = describeFile(file, options)
    checkFile({ ...described, size: file.size }, rule)
    chooseWay(rule, file.size, 'form')
    const request = { ...options, ...described, rule: name, contentLength: file.size }
    const signed = await askPatiently((own) => askSigned(api, '/post-policy', request, own), signal)
    const { url, key, expiresAt, fields = {} } = signed
    return { method: 'POST', url, fields, key, expiresAt }
  })
}
