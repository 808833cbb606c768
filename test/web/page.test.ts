import { statSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { PAGE_BUDGET_BYTES } from '../../tools/build/budgets'
import { buildPage, type PageFile } from '../../tools/build/page'

const OSS = 'http://localhost:9001'

let files: Record<string, PageFile>

beforeAll(async () => {
  files = await buildPage(OSS)
}, 60_000)

const textOf = (path: string) => String(files[path]?.body)

test('builds every file that the page loads, each with its type', () => {
  const loaded = [...textOf('/').matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '')
  // The page without a script is the local cloud's.
  const ours = [...new Set(loaded)].filter((path) => path !== '/plain').sort()
  expect(ours).toEqual(['/app.js', '/favicon.svg', '/style.css'])
  for (const path of ours) expect(files[path]?.body.length).toBeGreaterThan(100)
  expect(files['/']?.contentType).toBe('text/html; charset=utf-8')
  expect(files['/app.js']?.contentType).toBe('text/javascript; charset=utf-8')
  expect(files['/ali-oss.js']?.body.length).toBeGreaterThan(100_000)
  expect(textOf('/style.css') + textOf('/plain.css')).not.toContain('@import')
})

test('lets the page reach its own origin and this OSS alone', () => {
  const html = textOf('/')
  const [, policy = ''] = /content="(default-src[^"]+)"/.exec(html) ?? []
  const directives = new Map(
    policy.split('; ').map((each) => [each.split(' ')[0], each.split(' ').slice(1)] as const),
  )
  expect(directives.get('default-src')).toEqual(["'none'"])
  expect(directives.get('script-src')).toEqual(["'self'"])
  expect(directives.get('style-src')).toEqual(["'self'"])
  expect(directives.get('connect-src')).toEqual(["'self'", OSS])
  const allowed = new Set(["'self'", "'none'", 'blob:', OSS])
  expect([...directives.values()].flat().filter((source) => !allowed.has(source))).toEqual([])
  expect(html).not.toContain('%OSS%')
  expect(html).not.toMatch(/ style=|<script(?![^>]* src=)/)
  // The names of XML's namespaces are no addresses.
  const outside = [html, textOf('/app.js'), textOf('/style.css')]
    .flatMap((text) => text.match(/https?:\/\/[\w.-]+/g) ?? [])
    .filter((url) => !['http://localhost', 'http://www.w3.org'].includes(url))
  expect(outside).toEqual([])
})

test('is no larger than its budget, compressed, without ali-oss', () => {
  const bytes = Object.entries(files)
    .filter(([path]) => !['/ali-oss.js', '/favicon.ico', '/plain.css'].includes(path))
    .reduce((sum, [, { body }]) => sum + gzipSync(body).length, 0)
  expect(bytes).toBeLessThanOrEqual(PAGE_BUDGET_BYTES)
})

test.each(['upload', 'queue', 'inspector', 'files'])('the picture of %s is small', (name) => {
  const { size } = statSync(`docs/images/${name}.png`)
  expect(size).toBeLessThan(80_000)
})
