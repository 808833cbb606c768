import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const MAX_LINES = 15

type Section = { title: string; text: string; blocks: string[] }

function sectionsOf(document: string): Section[] {
  const [, ...sections] = readFileSync(join('docs', document), 'utf8').split(/^## /m)
  return sections.map((text) => ({
    title: text.split('\n')[0] ?? '',
    text,
    blocks: Array.from(text.matchAll(/```\w+\n(.*?)\n```/gs), ([, block = '']) => block),
  }))
}

/** Tells whether these lines stand in a file one after the other, all of them as deep or deeper. */
function hasLines(file: string, block: string): boolean {
  const lines = readFileSync(file, 'utf8').split('\n')
  const wanted = block.split('\n')
  return lines.some((line, at) => {
    const [indentation = ''] = /^\s*/.exec(line) ?? []
    return wanted.every((each, i) => lines[at + i] === (each && indentation + each))
  })
}

const DOCUMENTS = ['clients.md', 'tokens.md', 'local-cloud-in-tests.md']
const SHOWN = DOCUMENTS.flatMap((document) =>
  sectionsOf(document).flatMap((section) =>
    section.blocks.map((block, i) => ({
      name: `${document}, ${section.title}, ${i + 1}`,
      section,
      block,
    })),
  ),
)

it.each(SHOWN)(
  '$name: its code is that of a file, or nothing here runs it',
  ({ section, block }) => {
    const links = section.text.matchAll(/\]\(\.\.\/(examples\/[^)]+)\)/g)
    const files = Array.from(links, ([, file = '']) => file)
    if (section.text.includes('Nothing here runs this.')) expect(files).toEqual([])
    else expect(files.filter((file) => existsSync(file) && hasLines(file, block))).not.toEqual([])
  },
)

it('shows each client in 15 lines at most', () => {
  const long = sectionsOf('clients.md')
    .flatMap(({ blocks }) => blocks)
    .filter((block) => block.split('\n').length > MAX_LINES)
  expect(long).toEqual([])
})

it.each(['clients', 'tokens'])('has a test that runs each file of examples/%s', (folder) => {
  const tests = ['test/e2e/examples.test.ts', `test/examples/${folder}.test.ts`]
  const pages = readdirSync('test/clients/pages').map((file) => `test/clients/pages/${file}`)
  const source = [...tests, 'test/client/adapters/wx.test.ts', ...pages]
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
  const files = readdirSync(join('examples', folder))
  expect(files.length).toBeGreaterThan(4)
  expect(files.filter((file) => !source.includes(`/${file}`))).toEqual([])
})
