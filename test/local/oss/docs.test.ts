import { ACCESS } from '../../../local/oss/errors/access'
import { AUTH } from '../../../local/oss/errors/auth'
import { CALLBACK } from '../../../local/oss/errors/callback'
import { FORM } from '../../../local/oss/errors/form'
import { OBJECT } from '../../../local/oss/errors/object'
import type { ErrorKind } from '../../../local/oss/errors/oss-error'
import { type Row, rowsBetween, sourceOf, testSource } from './document'

const PARTS = [
  ['OSS', 'test/local/oss', rowsBetween('## OSS', '## STS')],
  ['STS', 'test/local/sts', rowsBetween('## STS', '## Function Compute')],
  ['Function Compute', 'test/local/fc', rowsBetween('## Function Compute', '## For your own')],
] as const
const [[, , OSS], [, , STS]] = PARTS
const KINDS: ErrorKind[] = [ACCESS, AUTH, CALLBACK, FORM, OBJECT].flatMap((list) =>
  Object.values<ErrorKind>(list),
)

/** `0002-00000040, -201` and `-701 to -705` stand for whole codes. */
function codesOf({ cells: [cell = ''] }: Row): string[] {
  if (!/^[0-9]{4}-/.test(cell)) return []
  const [family = ''] = cell.split('-')
  return cell
    .replace(`${family}-`, '')
    .split(/, /)
    .flatMap((item) => {
      const [first = 0, last = first] = item.split(' to ').map((text) => Math.abs(Number(text)))
      return Array.from({ length: last - first + 1 }, (_, i) => first + i)
    })
    .map((number) => `${family}-${String(number).padStart(8, '0')}`)
}

describe.each(PARTS)('%s', (_, folder, rows) => {
  it('has tests in every row, which are there', () => {
    expect(rows.length).toBeGreaterThan(8)
    expect(rows.filter(({ tests }) => tests.length === 0)).toEqual([])
    const named = rows.flatMap(({ tests }) => tests)
    expect(named.filter((test) => testSource(folder, test) === '')).toEqual([])
  })
})

describe('errors', () => {
  it('of OSS are all there, with status, code and EC, and those alone', () => {
    const isListed = ([status, code, , ec = '']: ErrorKind) =>
      OSS.some((row) => {
        const hasEc = ec === '' ? row.cells[0] === '' : codesOf(row).includes(ec)
        return (
          hasEc && row.cells[1]?.includes(String(status)) && row.cells[1].includes(`\`${code}\``)
        )
      })
    expect(KINDS.filter((kind) => !isListed(kind))).toEqual([])
    const known = new Set(KINDS.map(([, , , ec]) => ec))
    expect(OSS.flatMap(codesOf).filter((ec) => !known.has(ec))).toEqual([])
  })

  it('of STS are all there, with their statuses, and those alone', () => {
    const source = sourceOf('local/sts')
    const codes = [...source.matchAll(/^ {2}'?([A-Z][\w.]+)'?: (?:refusal\(\s*(\d+)|wrong)/gm)]
    expect(codes.length).toBeGreaterThan(20)
    const isListed = (code: string, status: string) =>
      STS.some(({ cells }) => cells[0]?.includes(`\`${code}\``) && cells[1]?.includes(status))
    const missing = codes.filter(([, code = '', status = '400']) => !isListed(code, status))
    expect(missing.map(([, code]) => code)).toEqual([])
    const known = new Set(codes.map(([, code]) => code))
    const errors = STS.filter(({ cells }) => /^\d{3}/.test(cells[1] ?? ''))
    const listed = errors.flatMap(({ cells }) => [...(cells[0] ?? '').matchAll(/`([^`]+)`/g)])
    expect(listed.map(([, code]) => code).filter((code) => !known.has(code))).toEqual([])
  })

  it.each([
    ['OSS', 'test/local/oss', OSS, 1],
    ['STS', 'test/local/sts', STS, 0],
  ] as const)('of %s are each asserted by the tests of their rows', (_, folder, rows, column) => {
    const errors = rows.filter(({ cells }) => /^\d{3} `|^\d{3}(?:, |$)/.test(cells[1] ?? ''))
    expect(errors.length).toBeGreaterThan(15)
    const silent = errors.flatMap((row) => {
      const source = row.tests.map((test) => testSource(folder, test)).join('\n')
      const codes = [...(row.cells[column] ?? '').matchAll(/`([A-Z][\w.]+)`/g)].map(
        ([, code]) => code,
      )
      const wanted = [...codes, ...codesOf(row)]
      return wanted.filter((code = '') => !source.includes(code))
    })
    expect(silent).toEqual([])
  })
})

describe('what the source reads', () => {
  // Queries, headers, form fields, callbacks, XML, and the keys of conditions.
  const READS = [
    /firstValue\([\w.]+, '([\w-]+)'\)/g,
    /\b(?:text|value|ofBucket)\('([\w-]+)'\)/g,
    /headers\['([\w-]+)'\]/g,
    /headers\.([a-z]+)\b(?!\()/g,
    /['`](x-(?:oss|acs)-[a-z0-9-]*[a-z0-9])['`]/g,
    /fields\.(?:get|has)\('([\w-]+)'\)/g,
    /\bparameter\.(callback\w+)/g,
    /\b(?:document|rule|part|tag|content|list)\??\.([A-Z]\w+)/g,
    /\b(?:parameter|needText|parseText)\(request, '(\w+)'\)/g,
    /\bneed\('(\w+)'\)/g,
    /'(?:GET|PUT|POST|DELETE|HEAD) (?:bucket|object) (?!partNumber)(\w+)/g,
    /^ {4}(?:\.\.\.tagKeys\()?'((?:acs|oss|sts):[\w-]+)/gm,
  ]
  const LISTS = [
    /(?:STORED|V[14]_FIELDS|TOKEN_PARAMETERS|ALWAYS_SIGNED) = \[([^\]]*)\]/g,
    /const \{([^}]*)\} = parameter\b/g,
    /SYSTEM = new Set\(\s*`([^`]*)`/g,
    /OVERRIDES = \[([^\]]*)\]/g,
  ]

  function namesIn(source: string): string[] {
    const single = READS.flatMap((pattern) => [...source.matchAll(pattern)])
    const lists = LISTS.flatMap((pattern) => [...source.matchAll(pattern)])
    const listed = lists.flatMap(([, list = '']) => list.match(/[\w.-]+/g) ?? [])
    return [...new Set([...single.map(([, name = '']) => name), ...listed])]
  }

  it.each([
    ['OSS', 'local/oss', OSS, 120],
    ['STS', 'local/sts', STS, 20],
  ] as const)('is all in a row of %s', (_, folder, rows, atLeast) => {
    const spans = rows
      .flatMap(({ cells }) => cells)
      .flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span))
      .join('\n')
    const names = namesIn(sourceOf(folder))
    expect(names.length).toBeGreaterThan(atLeast)
    const isThere = (name: string) =>
      new RegExp(`(?<![\\w-])${name.replaceAll('.', '\\.')}(?![\\w-])`, 'i').test(spans)
    expect(names.filter((name) => !isThere(name))).toEqual([])
  })

  it.each([
    ['OSS', 'local/oss', 'test/local/oss', OSS],
    ['STS', 'local/sts', 'test/local/sts', STS],
  ] as const)('is named by the tests of its row of %s', (_, folder, tests, rows) => {
    const names = new Set(namesIn(sourceOf(folder)).map((name) => name.toLowerCase()))
    const silent = rows.flatMap((row) => {
      const source = row.tests
        .map((test) => testSource(tests, test))
        .join('\n')
        .toLowerCase()
      return [...(row.cells[0] ?? '').matchAll(/`([^`=:]+)[^`]*`/g)]
        .map(([, span = '']) => span.toLowerCase())
        .filter((span) => names.has(span) && !source.includes(span))
    })
    expect(silent).toEqual([])
  })
})

it('lists every operation', () => {
  const names = [...sourceOf('local/oss/operations').matchAll(/^ {2}name: '(\w+)'/gm)]
  expect(names.length).toBeGreaterThan(30)
  const cells = OSS.map((row) => row.cells[0] ?? '').join('\n')
  const aliases: Record<string, string> = { HeadBucket: 'HEAD of a bucket' }
  const missing = names.filter(([, name = '']) => !cells.includes(aliases[name] ?? name))
  expect(missing.map(([, name]) => name)).toEqual([])
})
