import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeFolder } from '../../local/folders'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'oss-direct-folders-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

it.each(['a', 'a/b/c'])('makes %s with its parents, and leaves it when it is there', (path) => {
  const folder = join(root, path)
  makeFolder(folder)
  writeFileSync(join(folder, 'kept'), '')
  makeFolder(folder)
  expect(statSync(join(folder, 'kept')).isFile()).toBe(true)
})

it.each(['own', 'new/own'])('gives %s the mode that it is asked for', (path) => {
  makeFolder(join(root, path), 0o700)
  expect(statSync(join(root, path)).mode & 0o777).toBe(0o700)
})

it('makes none in the place of a file, or below one', () => {
  writeFileSync(join(root, 'taken'), '')
  expect(() => makeFolder(join(root, 'taken'))).toThrow('EEXIST')
  expect(() => makeFolder(join(root, 'taken/below'))).toThrow('ENOTDIR')
})
