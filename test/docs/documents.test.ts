import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const DOCUMENTS = [
  'README.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

/** Returns the anchors of a document's headings, as GitHub makes them. */
function anchorsOf(file: string): string[] {
  const headings = readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)
  return Array.from(headings, ([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}

it.each(DOCUMENTS)('%s links to what is there', (file) => {
  const links = Array.from(
    readFileSync(file, 'utf8').matchAll(/\]\((?!https?:)([^)\s]+)\)/g),
    ([, link = '']) => link,
  )
  const broken = links.filter((link) => {
    const [path = '', anchor] = link.split('#')
    const target = path === '' ? file : join(dirname(file), path)
    return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor))
  })
  expect(broken).toEqual([])
})

it.each(DOCUMENTS)('%s names files and folders that are there', (file) => {
  const paths = Array.from(
    readFileSync(file, 'utf8').matchAll(
      /`((?:docs|examples|functions|local|shared|test|tools|web)\/[\w./-]*)`/g,
    ),
    ([, path = '']) => path,
  )
  expect(paths.filter((path) => !existsSync(path))).toEqual([])
})

it.each(DOCUMENTS.filter((file) => file !== 'README.md'))('README links to %s', (file) => {
  expect(readFileSync('README.md', 'utf8')).toContain(`](${file})`)
})

it.each(DOCUMENTS)('%s has no line of a table longer than 160 characters', (file) => {
  const lines = readFileSync(file, 'utf8').split('\n')
  expect(lines.filter((line) => line.startsWith('|') && line.length > 160)).toEqual([])
})
