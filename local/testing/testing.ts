import type { CallerRequest } from '../../shared/rules/requests'
import type { Mechanism, Rule } from '../../shared/rules/rule'
import { assertAllowed, assertDenied, type TestCaller } from './assert'
import { type Attack, type Outcome, setScene } from './attack'
import { REACH_ATTACKS } from './reach-attacks'
import { openTarget, type Target } from './target'
import { UPLOAD_ATTACKS } from './upload-attacks'

export type { CallerRequest, Outcome, TestCaller }
// Exported so that the package's types have names for the parameters and results of its functions.
export { assertAllowed, assertDenied }

/** The result of one attack on one rule. */
export type AttackReport = {
  rule: string
  by: Mechanism | 'download'
  attack: string
  outcome: Outcome
}

const ATTACKS = [...UPLOAD_ATTACKS, ...REACH_ATTACKS]
const ATTACKER: TestCaller = { sub: 'mallory' }
const VICTIM: TestCaller = { sub: 'victim' }

/**
 * Runs the rules of a file in a local cloud, and every attack that applies to each of them. An
 * attack that got `through` is a vulnerability; a `skipped` one had nothing to try, for example
 * because `allow` refuses the attacker's honest request.
 */
export async function attackRules(options: {
  rulesFile: string
  /**
   * The attacker; needs the claims that the rules' `allow` requires, so that there is something to
   * misuse.
   */
  attacker?: TestCaller
  victim?: TestCaller
}): Promise<AttackReport[]> {
  const target = await openTarget({ attacker: ATTACKER, victim: VICTIM, ...options })
  const reports: AttackReport[] = []
  try {
    // In sequence: some of them move the clock.
    for (const rule of target.rules.values()) {
      for (const attack of ATTACKS.filter(({ by }) => isOpenTo(rule, by))) {
        const outcome = await run(target, rule, attack)
        reports.push({ rule: rule.name, by: attack.by, attack: attack.name, outcome })
      }
    }
    return reports
  } finally {
    await target.close()
  }
}

function isOpenTo({ upload, download }: Rule, by: Attack['by']): boolean {
  if (by === 'download') return download?.mechanisms.includes('url') ?? false
  const reads = by === 'sts' && download?.mechanisms.includes('sts')
  return reads || (upload?.mechanisms.includes(by) ?? false)
}

// Honest requests contain the file, so that a larger example would dominate the test.
const MAX_EXAMPLE_BYTES = 8 * 1024 ** 2

async function run(target: Target, rule: Rule, { skip, run }: Attack): Promise<Outcome> {
  if ((rule.upload?.minBytes ?? 0) > MAX_EXAMPLE_BYTES)
    return { skipped: 'its files are too large to try' }
  const skipped = skip?.(rule)
  if (skipped !== undefined) return { skipped }
  const scene = setScene(target, rule)
  // Objects of an earlier attack would stop this one for another reason.
  for (const key of [scene.own, scene.foreign])
    await target.sendSigned({ rule, method: 'DELETE', key })
  return run(scene)
}
