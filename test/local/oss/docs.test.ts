import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(__dirname, '../../..')
const TEXT = readFileSync(join(ROOT, 'docs/local-cloud.md'), 'utf8')
const OSS = TEXT.slice(TEXT.indexOf('## OSS'), TEXT.indexOf('## STS'))

/** `0002-00000040, -201` and `-701 to -705` stand for whole codes. */
function listedCodes(): Set<string> {
  const codes = new Set<string>()
  for (const [, cell = ''] of OSS.matchAll(/^\| ([0-9][0-9, to-]*) \|/gm)) {
    const [family = ''] = cell.split('-')
    const numbers = cell.replace(`${family}-`, '').split(/, /)
    for (const item of numbers) {
      const [first = 0, last = first] = item
        .split(' to ')
        .map((text) => Number(text.replace('-', '')))
      for (let number = first; number <= last; number += 1) {
        codes.add(`${family}-${String(number).padStart(8, '0')}`)
      }
    }
  }
  return codes
}

it('names tests that are there', () => {
  const named = [...OSS.matchAll(/`([a-z0-9-]+\.test\.ts) › ([^`]+)`/g)]
  expect(named.length).toBeGreaterThan(80)
  for (const [, file = '', title = ''] of named) {
    const source = readFileSync(join(__dirname, file), 'utf8')
    const isThere = source.includes(`'${title}'`) || source.includes(`"${title}"`)
    expect([file, title, isThere]).toEqual([file, title, true])
  }
})

it('lists every EC that the emulator answers, and each is asserted somewhere', () => {
  const folder = join(ROOT, 'local/oss/errors')
  const source = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
  const codes = new Set(source.join('').match(/\d{4}-\d{8}/g))
  const tests = readdirSync(__dirname)
    .filter((name) => name !== 'docs.test.ts')
    .map((name) => readFileSync(join(__dirname, name), 'utf8'))
    .join('')
  expect([...codes].filter((code) => !tests.includes(code))).toEqual([])
  expect([...listedCodes()].sort()).toEqual([...codes].sort())
})

it('lists every operation', () => {
  const folder = join(ROOT, 'local/oss/operations')
  const source = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
  const names = [...source.join('').matchAll(/^ {2}name: '(\w+)'/gm)].map(([, name]) => name)
  expect(names.length).toBeGreaterThan(30)
  const aliases: Record<string, string> = { HeadBucket: 'HEAD of a bucket' }
  expect(names.filter((name = '') => !OSS.includes(aliases[name] ?? name))).toEqual([])
})
