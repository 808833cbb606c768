import { parseArgs } from 'node:util'
import { parseCaller } from '../../tools/rules'
import { type AttackReport, attackRules } from './testing'

const HELP = `Runs your rules in a local cloud and attacks each of them: hostile file names, other types,
larger files, other ACLs, other callers' objects, what has expired.

  npm run test:attack -- [--rules FILE] [--caller SUB[,CLAIM=VALUE]…]

  --rules FILE    the rules; rules.ts by default
  --caller SUB    who attacks, with the claims that your rules ask for; mallory by default

Ends with 1 where something got through. Hooks of the rules run for the honest uploads in between.`

function toLine({ rule, by, attack, outcome }: AttackReport): string {
  const [state = ''] = Object.keys(outcome)
  const [detail] = Object.values(outcome)
  const rest = typeof detail === 'string' ? `: ${detail}` : ''
  return `${state.toUpperCase().padEnd(8)} ${rule}, ${by}: ${attack}${rest}`
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    options: { rules: { ...text, default: 'rules.ts' }, caller: text, help: { type: 'boolean' } },
  })
  if (values.help) return console.log(HELP)
  const attacker = values.caller === undefined ? {} : { attacker: parseCaller(values.caller) }
  const reports = await attackRules({ rulesFile: values.rules, ...attacker })
  for (const report of reports) console.log(toLine(report))
  const through = reports.filter(({ outcome }) => 'through' in outcome).length
  console.log(`${reports.length} attacks, ${through} got through`)
  if (through > 0) process.exitCode = 1
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
})
