import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestName } from './rows'

const ROOT = join(__dirname, '../../..')

/** Returns the source of all files of a folder, joined. */
export function sourceOf(folder: string): string {
  return filesOf(folder)
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n')
}

function filesOf(folder: string): string[] {
  const path = join(ROOT, folder)
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(path, name))
}

/** Returns the source of a test, with what it uses of its file and of the helpers; `''` for none. */
export function testSource(folder: string, { file, title }: TestName): string {
  const files = filesOf(folder)
  const found = files
    .filter((path) => path.endsWith(`/${file}`))
    .map((path) => readFileSync(path, 'utf8').split('\n'))
    .find((lines) => lines.some((line) => line.includes(`'${title}'`)))
  if (found === undefined) return ''
  const at = found.findIndex((line) => line.includes(`'${title}'`))
  const start = found.findLastIndex((line, i) => i <= at && /^ *(?:it|describe)\b/.test(line))
  const helpers = files
    .filter((path) => !path.endsWith('.test.ts'))
    .map((path) => readFileSync(path, 'utf8').split('\n'))
  const test = blockAt(found, start)
  const sources = [found, ...helpers]
  const once = [test, ...sources.flatMap((source) => declared(source, test))].join('\n')
  return [once, ...sources.flatMap((source) => declared(source, once))].join('\n')
}

// What is declared among these lines and named in the text.
function declared(lines: readonly string[], text: string): string[] {
  const names = new Set(text.match(/\b[A-Za-z]\w*\b/g))
  return lines.flatMap((line, i) => {
    const [, name = ''] =
      /^ *(?:export )?(?:async )?(?:const|function\*?) \[?(\w+)/.exec(line) ?? []
    return names.has(name) ? [blockAt(lines, i)] : []
  })
}

// Down to where the indentation is back and nothing closes.
function blockAt(lines: readonly string[], start: number): string {
  const indentation = lines[start]?.search(/\S/) ?? 0
  const next = new RegExp(`^ {0,${indentation}}[^ \\])}]`)
  const length = lines.slice(start + 1).findIndex((line) => next.test(line))
  return lines.slice(start, length < 0 ? undefined : start + 1 + length).join('\n')
}
