import { serve } from './command'

const COMMANDS: Readonly<Record<string, (argv: readonly string[]) => Promise<number>>> = {
  local: serve,
}

async function main([name = '', ...argv]: readonly string[]): Promise<number> {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command) return command(argv)
  console.error(`Usage: oss-direct ${Object.keys(COMMANDS).join('|')} [options]\nTry --help.`)
  return 2
}

void main(process.argv.slice(2)).then((status) => process.exit(status))
