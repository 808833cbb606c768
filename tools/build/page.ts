import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'

const root = resolve(__dirname, '../..')
const web = join(root, 'web')
// npm installs it below this package, or beside it in another project.
const ALI_OSS = require.resolve('ali-oss/dist/aliyun-oss-sdk.min.js')
const ANY_LOCAL_OSS = 'http://localhost:* http://127.0.0.1:*'

/** One file of the page. */
export type PageFile = { contentType: string; body: Buffer }

/**
 * Builds the demo page and returns its files by URL path; the page may load from its own origin and
 * `ossUrl` only.
 */
export async function buildPage(ossUrl = ANY_LOCAL_OSS): Promise<Record<string, PageFile>> {
  const [html, icon, aliOss, app, css] = await Promise.all([
    readFile(join(web, 'index.html'), 'utf8'),
    readFile(join(web, 'favicon.svg')),
    readFile(ALI_OSS),
    bundle('app.ts'),
    bundle('style.css'),
  ])
  return {
    '/': {
      contentType: 'text/html; charset=utf-8',
      body: Buffer.from(html.replaceAll('%OSS%', () => ossUrl)),
    },
    '/app.js': { contentType: 'text/javascript; charset=utf-8', body: app },
    '/style.css': { contentType: 'text/css; charset=utf-8', body: css },
    '/ali-oss.js': { contentType: 'text/javascript; charset=utf-8', body: aliOss },
    '/favicon.svg': { contentType: 'image/svg+xml', body: icon },
    '/favicon.ico': { contentType: 'image/svg+xml', body: icon },
  }
}

async function bundle(entry: string): Promise<Buffer> {
  const { outputFiles } = await build({
    entryPoints: [join(web, entry)],
    bundle: true,
    minify: true,
    write: false,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    logLevel: 'silent',
  })
  const file = outputFiles[0]
  if (!file) throw new Error(`esbuild wrote no file for ${entry}`)
  return Buffer.from(file.contents)
}
