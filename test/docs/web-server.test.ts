import { readFileSync } from 'node:fs'
import { SERVER_OPTIONS } from '../../server/options'
import { MAX_BODY_BYTES } from '../../server/request'
import { LIMITS } from '../../server/start'

const DOCUMENT = readFileSync('docs/web-server.md', 'utf8')

it('lists every option', () => {
  const listed = Array.from(DOCUMENT.matchAll(/^\| `--([\w-]+)/gm), ([, name = '']) => name)
  expect(listed).toEqual([...Object.keys(SERVER_OPTIONS), 'rules'])
})

it.each([
  ['KB of headers', LIMITS.maxHeaderSize / 1024],
  ['KiB of body', MAX_BODY_BYTES / 1024],
  ['s for its headers', LIMITS.headersTimeout / 1000],
  ['s for all of its', LIMITS.requestTimeout / 1000],
  ['s, longer than', LIMITS.keepAliveTimeout / 1000],
])('says the limit of %s', (text, value) => {
  expect(DOCUMENT.replaceAll('\n', ' ')).toMatch(new RegExp(`\\b${value} ${text}`))
})

it.each(Object.entries(SERVER_OPTIONS))(
  'says the default of --%s',
  (name, { default: fallback }) => {
    const row = new RegExp(`^\\| \`--${name} .*$`, 'm').exec(DOCUMENT)?.[0]
    expect(row).toMatch(new RegExp(`\\b${fallback.replaceAll('.', '\\.')}\\b.* by default`))
  },
)

it.each(
  readFileSync('server/credentials.ts', 'utf8').match(/'(?:ALIBABA_CLOUD|FC)_[A-Z_]+'/g) ?? [],
)('names the variable %s', (name) => {
  expect(DOCUMENT).toContain(`\`${name.slice(1, -1)}\``)
})
