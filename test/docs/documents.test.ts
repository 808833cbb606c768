import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { anchorsOf, linksOf } from './support/page'

const pagesIn = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`)
const READMES = ['README.md', 'README.zh-CN.md']
const DOCUMENTS = [...READMES, ...pagesIn('docs'), ...pagesIn('docs/zh')]

it.each(DOCUMENTS)('%s links to what is there', (file) => {
  const links = linksOf(readFileSync(file, 'utf8'))
  const broken = links.filter((link) => {
    const [path = '', anchor] = link.split('#')
    const target = path === '' ? file : join(dirname(file), path)
    return (
      !existsSync(target) ||
      (anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8')).includes(anchor))
    )
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

it.each(DOCUMENTS.filter((file) => !READMES.includes(file)))('the README links to %s', (file) => {
  const readme = file.startsWith('docs/zh/') ? 'README.zh-CN.md' : 'README.md'
  expect(readFileSync(readme, 'utf8')).toContain(`](${file})`)
})

it.each(DOCUMENTS)('%s has no line of a table longer than 160 characters', (file) => {
  const lines = readFileSync(file, 'utf8').split('\n')
  expect(lines.filter((line) => line.startsWith('|') && line.length > 160)).toEqual([])
})
