import { readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { build, type OutputFile } from 'esbuild'

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
  const [html, icon, aliOss, scripts, css, plainCss] = await Promise.all([
    readFile(join(web, 'index.html'), 'utf8'),
    readFile(join(web, 'favicon.svg')),
    readFile(ALI_OSS),
    bundle('app.tsx'),
    bundle('style.css'),
    bundle('plain.css'),
  ])
  return {
    '/': {
      contentType: 'text/html; charset=utf-8',
      body: Buffer.from(html.replaceAll('%OSS%', () => ossUrl)),
    },
    ...toPageFiles(scripts, 'text/javascript; charset=utf-8'),
    ...toPageFiles([...css, ...plainCss], 'text/css; charset=utf-8'),
    '/ali-oss.js': { contentType: 'text/javascript; charset=utf-8', body: aliOss },
    '/favicon.svg': { contentType: 'image/svg+xml', body: icon },
    '/favicon.ico': { contentType: 'image/svg+xml', body: icon },
  }
}

function toPageFiles(files: readonly OutputFile[], contentType: string): Record<string, PageFile> {
  return Object.fromEntries(
    files.map(({ path, contents }) => [
      `/${basename(path)}`,
      { contentType, body: Buffer.from(contents) },
    ]),
  )
}

// What few visits need, such as the other language, is in files of their own.
async function bundle(entry: string): Promise<readonly OutputFile[]> {
  const { outputFiles } = await build({
    entryPoints: [join(web, entry)],
    bundle: true,
    minify: true,
    write: false,
    outdir: '/',
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    splitting: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'silent',
  })
  return outputFiles
}
