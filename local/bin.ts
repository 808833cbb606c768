import { serve } from './command'

const COMMANDS: Readonly<Record<string, (argv: readonly string[]) => Promise<number>>> = {
  local: serve,
}

const USAGE = `Usage: oss-direct ${Object.keys(COMMANDS).join('|')} [options]`

async function main([name = '', ...argv]: readonly string[]): Promise<number> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command) return command(argv)
  if (['--help', '-h', 'help'].includes(name)) {
    console.log(`${USAGE}\n`)
    return serve(['--help'])
  }
  console.error(`${USAGE}\nTry oss-direct --help.`)
  return 2
}

void main(process.argv.slice(2)).then((status) => process.exit(status))
