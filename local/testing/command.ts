import { type OptionTypes, startTool, type Tool, type Values } from '../../tools/command-line'
import { parseCaller } from '../../tools/rules'
import { type AttackReport, attackRules } from './testing'

const HELP = `Runs your rules in a local cloud and attacks each of them: hostile file names, other types,
larger files, other ACLs, other callers' objects, what has expired.

  npm run test:attack -- [--rules FILE] [--caller SUB[,CLAIM=VALUE]…]

  --rules FILE    the rules; rules.ts by default
  --caller SUB    who attacks, with the claims that your rules ask for; mallory by default
  --help          prints this; --version the version

Ends with 1 where something got through. Hooks of the rules run for the honest uploads in between.`

const OPTIONS = {
  rules: { type: 'string', default: 'rules.ts' },
  caller: { type: 'string' },
} as const satisfies OptionTypes

function toLine({ rule, by, attack, outcome }: AttackReport): string {
  const [state = ''] = Object.keys(outcome)
  const [detail] = Object.values(outcome)
  const rest = typeof detail === 'string' ? `: ${detail}` : ''
  return `${state.toUpperCase().padEnd(8)} ${rule}, ${by}: ${attack}${rest}`
}

async function attack({ rules: rulesFile = '', caller }: Values): Promise<number> {
  const attacker = caller === undefined ? {} : { attacker: parseCaller(caller) }
  const reports = await attackRules({ rulesFile, ...attacker })
  for (const report of reports) console.log(toLine(report))
  const through = reports.filter(({ outcome }) => 'through' in outcome).length
  console.log(`${reports.length} attacks, ${through} got through`)
  return through > 0 ? 1 : 0
}

/** The command `npm run test:attack`. @internal */
export const command: Tool = { help: HELP, options: OPTIONS, run: attack }

if (require.main === module) startTool(command)
