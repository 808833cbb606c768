import { elementOf, elementsOf } from './answers'
import type { Api } from './api'
import type { KeyRules } from './key-rules'
import { sendSigned } from './signed'
import type { ListOptions, Page, Transport } from './types'

/** What operations on stored files need. */
export interface FileContext {
  api: Api
  transport: Transport
  keyRules: KeyRules
}

/** Lists one page of a folder of the caller's own (OSS: ListObjectsV2). */
export async function list(
  rule: string,
  { signal, ...options }: ListOptions,
  { keyRules, ...context }: FileContext,
): Promise<Page> {
  const request = { ...options, operation: 'list', rule }
  const { text, prefix } = await sendSigned(context, request, { method: 'GET', signal })
  const next = elementOf(text, 'NextContinuationToken')
  return {
    files: elementsOf(text, 'Contents').map((xml) => {
      const key = elementOf(xml, 'Key')
      keyRules.remember(key, rule)
      return {
        key,
        name: key.slice(prefix.length),
        size: Number(elementOf(xml, 'Size')),
        etag: elementOf(xml, 'ETag').replaceAll('"', ''),
        lastModified: elementOf(xml, 'LastModified'),
      }
    }),
    folders: elementsOf(text, 'CommonPrefixes').map((xml) => {
      const name = elementOf(xml, 'Prefix').slice(prefix.length, -1)
      return options.path ? `${options.path}/${name}` : name
    }),
    ...(next && { next }),
  }
}

/** Lists every page of a folder in turn. */
export async function* listPages(
  rule: string,
  options: ListOptions,
  context: FileContext,
): AsyncGenerator<Page> {
  let page: Page | undefined
  do {
    const after = page?.next ?? options.after
    page = await list(rule, { ...options, ...(after && { after }) }, context)
    yield page
  } while (page.next)
}
