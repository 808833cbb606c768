import { packageVersion, suggest } from '../tools/command-line'
import { serve } from './command'

const COMMANDS: Readonly<Record<string, (argv: readonly string[]) => Promise<number>>> = {
  local: serve,
}

const NAMES = Object.keys(COMMANDS)
const USAGE = `Usage: oss-direct ${NAMES.join('|')} [options]`

async function main([name = '', ...argv]: readonly string[]): Promise<number> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command) return command(argv)
  if (['--help', '-h', 'help'].includes(name)) {
    console.log(`${USAGE}\n`)
    return serve(['--help'])
  }
  if (['--version', '-v'].includes(name)) {
    console.log(packageVersion())
    return 0
  }
  const reason = name && `${JSON.stringify(name)} is not a command${suggest(name, NAMES)}\n`
  console.error(`${reason}${USAGE}\nTry oss-direct --help.`)
  return 2
}

void main(process.argv.slice(2)).then((status) => process.exit(status))
