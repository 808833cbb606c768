import { ACCESS } from '../../local/oss/errors/access'
import { AUTH } from '../../local/oss/errors/auth'
import { CALLBACK } from '../../local/oss/errors/callback'
import { FORM } from '../../local/oss/errors/form'
import { OBJECT } from '../../local/oss/errors/object'
import type { ErrorKind } from '../../local/oss/errors/oss-error'
import { type Row, readRows, readTested } from './support/rows'
import { sourceOf, testSource } from './support/sources'

const OSS = [...readRows('local-oss').values()].flat()
const STS = readRows('local-sts-fc').get('STS') ?? []
const FC = readRows('local-sts-fc').get('Function Compute') ?? []

const isError = ({ cells }: Row) => cells.answer !== undefined
const spansOf = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span)

function sourceOfTests(folder: string, row: Row): string {
  return row.tests.map((test) => testSource(folder, test)).join('\n')
}

describe.each([
  ['OSS', 'test/local/oss', OSS, 250],
  ['STS', 'test/local/sts', STS, 40],
  ['Function Compute', 'test/local/fc', FC, 8],
] as const)('the rows of %s', (_, folder, rows, atLeast) => {
  it('have tests, which are there', () => {
    expect(rows.length).toBeGreaterThan(atLeast)
    expect(rows.filter(({ tests }) => tests.length === 0)).toEqual([])
    const missing = rows
      .flatMap(({ tests }) => tests)
      .filter((test) => testSource(folder, test) === '')
    expect(missing).toEqual([])
  })
})

it.each(['local-oss', 'local-sts-fc'])(
  'names tests for rows of %s alone, once each',
  (document) => {
    const rows = [...readRows(document)].map(([heading, rows]) => [
      heading,
      rows.map((r) => r.name),
    ])
    expect(rows).toEqual([...readTested(document)])
  },
)

describe('the errors', () => {
  const kinds = [ACCESS, AUTH, CALLBACK, FORM, OBJECT]
    .flatMap((list) => Object.values<ErrorKind>(list))
    .map(([status, code, , ec = '']) => `${status} \`${code}\` ${ec}`)

  it('of OSS are all there, with status, code and EC, and those alone', () => {
    const listed = OSS.filter(isError).map(({ cells }) => `${cells.answer} ${cells.EC}`)
    expect(listed.length).toBeGreaterThan(130)
    expect(new Set(listed)).toEqual(new Set(kinds))
  })

  it('of STS are all there, with their statuses, and those alone', () => {
    const source = sourceOf('local/sts')
    const codes = [...source.matchAll(/^ {2}'?([A-Z][\w.]+)'?: (?:refusal\(\s*(\d+)|wrong)/gm)]
    expect(codes.length).toBeGreaterThan(20)
    const known = codes.map(([, code, status = '400']) => `${status} \`${code}\``)
    const listed = STS.filter(isError).map(({ cells }) => cells.answer)
    expect(listed.sort()).toEqual(known.sort())
  })

  it.each([
    ['OSS', 'test/local/oss', OSS],
    ['STS', 'test/local/sts', STS],
  ] as const)('of %s are each asserted by the tests of their rows', (_, folder, rows) => {
    const silent = rows.filter(isError).flatMap((row) => {
      const source = sourceOfTests(folder, row)
      const wanted = [...spansOf(row.cells.answer ?? ''), row.cells.EC ?? '']
      return wanted.filter((code) => !source.includes(code)).map((code) => [row.name, code])
    })
    expect(silent).toEqual([])
  })
})

describe('the names that the source reads', () => {
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

  const cellsOf = (row: Row) => Object.values(row.cells).join('\n')

  it.each([
    ['OSS', 'local/oss', OSS, 120],
    ['STS', 'local/sts', STS, 20],
  ] as const)('are all in a row of %s', (_, folder, rows, atLeast) => {
    const spans = rows.flatMap((row) => spansOf(cellsOf(row))).join('\n')
    const names = namesIn(sourceOf(folder))
    expect(names.length).toBeGreaterThan(atLeast)
    const isThere = (name: string) =>
      new RegExp(`(?<![\\w-])${name.replaceAll('.', '\\.')}(?![\\w-])`, 'i').test(spans)
    expect(names.filter((name) => !isThere(name))).toEqual([])
  })

  it.each([
    ['OSS', 'local/oss', 'test/local/oss', OSS],
    ['STS', 'local/sts', 'test/local/sts', STS],
  ] as const)('are named by the tests of their rows of %s', (_, folder, tests, rows) => {
    const names = new Set(namesIn(sourceOf(folder)).map((name) => name.toLowerCase()))
    const silent = rows.flatMap((row) => {
      const source = sourceOfTests(tests, row).toLowerCase()
      return spansOf(cellsOf(row))
        .map((span) => span.toLowerCase().replace(/[=:].*/, ''))
        .filter((span) => names.has(span) && !source.includes(span))
        .map((span) => [row.name, span])
    })
    expect(silent).toEqual([])
  })
})

it('lists every operation', () => {
  const names = [...sourceOf('local/oss/operations').matchAll(/^ {2}name: '(\w+)'/gm)]
  expect(names.length).toBeGreaterThan(30)
  const cells = OSS.map(({ cells }) => cells.operation ?? '').join('\n')
  const aliases: Record<string, string> = { HeadBucket: 'HEAD of a bucket' }
  const missing = names.filter(([, name = '']) => !cells.includes(aliases[name] ?? name))
  expect(missing.map(([, name]) => name)).toEqual([])
})
