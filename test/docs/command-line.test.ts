import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { localCommand } from '../support/bundle'

const DOCUMENT = readFileSync('docs/command-line.md', 'utf8')

it('lists the commands that oss-direct has', async () => {
  const command = await localCommand()
  const help = execFileSync(process.execPath, [command, '--help'], { encoding: 'utf8' })
  const commands = Array.from(help.matchAll(/^ {2}([a-z]+) {2,}/gm), ([, name]) => name)
  const documented = Array.from(
    (DOCUMENT.split('## ')[0] ?? '').matchAll(/^\| `([a-z]+)`/gm),
    ([, name]) => name,
  )
  expect(documented).toEqual(commands)
})
