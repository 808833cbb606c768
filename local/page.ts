import { buildPage, type PageFile } from '../tools/build/page'
import type { LocalRoute } from './fc/gateway'

const PATHS = /^\/(?:[\w-]+\.(?:js|css|svg|ico))?$/

/** Serves the page's files, which may load from `ossUrl`. It is built when somebody opens it: most starts never show it. */
export function pageRoute(ossUrl: string): LocalRoute {
  let files: Promise<Record<string, PageFile>> | undefined
  return {
    method: 'GET',
    path: PATHS,
    answer: async (_, { url }) => {
      files ??= buildPage(ossUrl)
      const file = (await files)[url.split('?')[0] ?? '']
      if (!file) return undefined
      const headers = { 'Content-Type': file.contentType, 'Cache-Control': 'no-cache' }
      return { status: 200, headers, body: file.body }
    },
  }
}
