import { packageVersion, runTool, suggest, type Tool } from '../tools/command-line'

type Run = (argv: readonly string[]) => Promise<number>

// Each is loaded when it is called: none waits for what another needs.
const COMMANDS: Readonly<Record<string, { about: string; run: Run }>> = {
  local: {
    about: 'runs OSS, STS and the functions on this machine',
    run: async (argv) => (await import('./command')).serve(argv),
  },
  serve: {
    about: 'the four functions with a route as one web server',
    run: async (argv) => (await import('../tools/serve')).serve(argv),
  },
  rules: {
    about: 'who enforces each limit of each rule, and what a caller gets',
    run: toRun(() => import('../tools/rules')),
  },
  roles: {
    about: 'the RAM roles and the settings of the bucket that the rules need',
    run: toRun(() => import('../tools/roles')),
  },
  manifest: {
    about: 's.yaml against the rules, and what Function Compute would refuse of it',
    run: toRun(() => import('../tools/manifest/command')),
  },
  doctor: {
    about: 'what would keep uploads from working or being proven',
    run: toRun(() => import('../tools/doctor/command')),
  },
  explain: {
    about: 'an error, a signed URL, a form or an upload event, in plain words',
    run: toRun(() => import('../tools/explain')),
  },
}
const NAMES = Object.keys(COMMANDS)
const USAGE = 'Usage: oss-direct COMMAND [options]'
const HELP = `${USAGE}

${Object.entries(COMMANDS)
  .map(([name, { about }]) => `  ${name.padEnd(9)} ${about}`)
  .join('\n')}

  oss-direct COMMAND --help  explains a command
  --help                     prints this; --version the version

Ends with 0 if all is well, with 1 for findings or a failure, and with 2 for wrong use.

Example:
  oss-direct local --port 0`

function toRun(load: () => Promise<{ command: Tool }>): Run {
  return async (argv) => runTool(argv, (await load()).command)
}

/** Runs the command oss-direct with these arguments, and resolves to its exit status. */
export async function main([name = '', ...argv]: readonly string[]): Promise<number> {
  if (name === 'help' && argv.length > 0) return main([...argv, '--help'])
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command) return command.run(argv)
  if (['--help', '-h', 'help'].includes(name)) {
    console.log(HELP)
    return 0
  }
  if (['--version', '-v'].includes(name)) {
    console.log(packageVersion())
    return 0
  }
  const reason = name && `${JSON.stringify(name)} is not a command${suggest(name, NAMES)}\n`
  console.error(`${reason}${USAGE}\nTry oss-direct --help.`)
  return 2
}
