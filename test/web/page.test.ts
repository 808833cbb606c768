import { buildPage } from '../../tools/build/page'

test('builds every file that the page loads, each with its type', async () => {
  const files = await buildPage()
  const html = String(files['/']?.body)
  const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '')
  expect(loaded.sort()).toEqual(['/app.js', '/favicon.svg', '/favicon.svg', '/style.css'])
  for (const path of loaded) expect(files[path]?.body.length).toBeGreaterThan(100)
  expect(files['/']?.contentType).toBe('text/html; charset=utf-8')
  expect(files['/app.js']?.contentType).toBe('text/javascript; charset=utf-8')
  expect(files['/ali-oss.js']?.body.length).toBeGreaterThan(100_000)
  expect(String(files['/style.css']?.body)).not.toContain('@import')
})

test('lets the page reach its own origin and this OSS alone', async () => {
  const files = await buildPage('http://localhost:9001')
  const html = String(files['/']?.body)
  expect(html).toContain("default-src 'none'")
  expect(html).toContain("script-src 'self';")
  expect(html).toContain("connect-src 'self' http://localhost:9001;")
  expect(html).toContain("img-src 'self' http://localhost:9001;")
  expect(html).not.toContain('%OSS%')
  const outside = [html, String(files['/app.js']?.body), String(files['/style.css']?.body)]
    .flatMap((text) => text.match(/https?:\/\/[\w.-]+/g) ?? [])
    .filter((url) => url !== 'http://localhost')
  expect(outside).toEqual([])
})
