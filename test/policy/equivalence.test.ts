import { randomInt } from 'node:crypto'
import * as fc from 'fast-check'
import { findEnforcer, type Side } from '../../shared/rules/enforcement'
import type { Mechanism, Rule } from '../../shared/rules/rule'
import { defineRules } from '../../shared/rules/rules'
import { tryDownload, tryUpload } from './support/equivalence/attempt'
import { downloadCase, toRule, type UploadCase, uploadCase } from './support/equivalence/cases'
import { deleteCase, mayAskDelete, tryDelete } from './support/equivalence/deletions'
import {
  expectedNames,
  folderCase,
  isStray,
  mayAskList,
  namesIn,
  tryList,
} from './support/equivalence/folders'
import {
  dispositionOf,
  isReported,
  isServedAsRuled,
  isSizeAsNamed,
  mayAskDownload,
  mayAskUpload,
  type Violation,
  violationsOfDownload,
  violationsOfUpload,
} from './support/equivalence/naive'
import { type Answer, startWorld, type World } from './support/equivalence/world'

/** How many random cases run, and from which seed: `EQUIVALENCE_CASES`, `EQUIVALENCE_SEED`. */
const CASES = Number(process.env.EQUIVALENCE_CASES ?? 200)
const SEED = Number(process.env.EQUIVALENCE_SEED ?? randomInt(2 ** 31))

let world: World
let count = 0

beforeAll(async () => {
  process.stdout.write(`equivalence: ${CASES} cases, seed ${SEED}\n`)
  world = await startWorld()
})
afterAll(() => world.close())

function putInForce(limits: UploadCase['limits']): Rule {
  const rules = defineRules({ files: toRule(limits) })
  world.setRules(rules)
  return rules.get('files') as Rule
}

/** What OSS must let pass: everything but what `npm run rules` says that OSS refuses. */
function mustPass(
  rule: Rule,
  side: Side,
  by: Mechanism,
  violations: readonly Violation[],
): boolean {
  return violations.every(
    (violation) => violation !== 'reach' && findEnforcer(rule, side, by, violation) !== 'oss',
  )
}

/** What our callback must call proven: everything but what `npm run rules` says that it refuses. */
function mustCount(rule: Rule, by: Mechanism, violations: readonly Violation[]): boolean {
  return violations.every(
    (violation) =>
      violation !== 'reach' && findEnforcer(rule, 'upload', by, violation) !== 'callback',
  )
}

function isAccepted({ status }: Answer): boolean {
  expect(status).toBeLessThan(500)
  return status < 300
}

function unique(sub: string): string {
  count += 1
  return `${sub}#${count}`
}

test(
  'what OSS stores and our callback proves is what the rule says, by every mechanism',
  async () => {
    const tally = { refused: 0, stored: 0, stopped: 0, proven: 0, unproven: 0 }
    await fc.assert(
      fc.asyncProperty(uploadCase, async (drawn) => {
        const one = { ...drawn, sub: unique(drawn.sub) }
        const rule = putInForce(one.limits)
        const result = await tryUpload(world, one)
        expect('refused' in result).toBe(!mayAskUpload(one))
        if ('refused' in result) {
          tally.refused += 1
          return
        }
        let { exists } = one
        for (const answer of result.answers) {
          const violations = violationsOfUpload(one, exists)
          const expected = mustPass(rule, 'upload', one.by, violations)
          expect([answer.body, isAccepted(answer)]).toEqual([answer.body, expected])
          if (expected && isReported(one)) {
            const isGranted = isSizeAsNamed(one) && isServedAsRuled(one)
            const counts = isGranted && mustCount(rule, one.by, violations)
            expect([answer.body, answer.status === 200]).toEqual([answer.body, counts])
            tally[counts ? 'proven' : 'unproven'] += 1
          }
          tally[expected ? 'stored' : 'stopped'] += 1
          exists ||= expected && (one.by !== 'sts' || one.stray.place === undefined)
        }
        await checkStored(one, result.key, exists)
      }),
      { numRuns: Math.ceil(CASES * 0.7), seed: SEED },
    )
    expect(Math.min(...Object.values(tally))).toBeGreaterThan(CASES / 50)
  },
  CASES * 200 + 20_000,
)

async function checkStored(one: UploadCase, key: string, exists: boolean): Promise<void> {
  const { status, headers } = await world.sendSigned({ method: 'HEAD', key })
  expect(status).toBe(exists ? 200 : 404)
  if (exists && !one.exists && one.by !== 'sts') {
    expect(headers['content-type']).toBe(one.contentType)
  }
}

test(
  'what OSS gives out is what the rule says, by every mechanism',
  async () => {
    const tally = { refused: 0, given: 0, stopped: 0 }
    await fc.assert(
      fc.asyncProperty(downloadCase, async (drawn) => {
        const one = { ...drawn, sub: unique(drawn.sub) }
        const rule = putInForce(one.limits)
        const result = await tryDownload(world, one, ownFolder(one))
        expect('refused' in result).toBe(!mayAskDownload(one))
        if ('refused' in result) {
          tally.refused += 1
          return
        }
        const expected = mustPass(rule, 'download', one.by, violationsOfDownload(one))
        for (const answer of result.answers) {
          expect([answer.body, isAccepted(answer)]).toEqual([answer.body, expected])
          const as = dispositionOf(one)
          if (expected && one.by === 'url' && one.verb === 'get') {
            expect(answer.headers['content-disposition']).toMatch(new RegExp(`^${as}`))
          }
        }
        tally[expected ? 'given' : 'stopped'] += 1
      }),
      { numRuns: Math.ceil(CASES * 0.3), seed: SEED },
    )
    expect(Math.min(...Object.values(tally))).toBeGreaterThan(CASES / 50)
  },
  CASES * 200 + 20_000,
)

test(
  'what OSS deletes is what the rule says',
  async () => {
    const tally = { refused: 0, deleted: 0, stopped: 0 }
    await fc.assert(
      fc.asyncProperty(deleteCase, async (drawn) => {
        const one = { ...drawn, sub: unique(drawn.sub) }
        putInForce(one.limits)
        const answer = await tryDelete(world, one, ownFolder(one))
        expect('refused' in answer).toBe(!mayAskDelete(one))
        if ('refused' in answer) {
          tally.refused += 1
          return
        }
        expect([answer.body, isAccepted(answer)]).toEqual([answer.body, !isStray(one)])
        expect(answer.gone).toEqual(isStray(one) ? [] : ['own'])
        tally[isStray(one) ? 'stopped' : 'deleted'] += 1
      }),
      { numRuns: Math.ceil(CASES * 0.2), seed: SEED },
    )
    expect(Math.min(...Object.values(tally))).toBeGreaterThan(CASES / 100)
  },
  CASES * 200 + 20_000,
)

test(
  'what OSS lists is what the rule says',
  async () => {
    const tally = { refused: 0, listed: 0, stopped: 0 }
    await fc.assert(
      fc.asyncProperty(folderCase, async (drawn) => {
        const one = { ...drawn, sub: unique(drawn.sub) }
        putInForce(one.limits)
        const root = rootFolder(one)
        const answer = await tryList(world, one, root)
        expect('refused' in answer).toBe(!mayAskList(one))
        if ('refused' in answer) {
          tally.refused += 1
          return
        }
        expect([answer.body, isAccepted(answer)]).toEqual([answer.body, !isStray(one)])
        expect(namesIn(answer)).toEqual(isStray(one) ? [] : expectedNames(one, root))
        tally[isStray(one) ? 'stopped' : 'listed'] += 1
      }),
      { numRuns: Math.ceil(CASES * 0.2), seed: SEED },
    )
    expect(Math.min(...Object.values(tally))).toBeGreaterThan(CASES / 100)
  },
  CASES * 200 + 20_000,
)

// Written out here so that the naive reading needs none of the code that it judges.
function rootFolder({ limits, sub }: { limits: UploadCase['limits']; sub: string }): string {
  const bytes = [...Buffer.from(sub)].map((byte, index) => {
    const character = String.fromCharCode(byte)
    const stays = /[A-Za-z0-9_@-]/.test(character) || (character === '.' && index > 0)
    return stays ? character : `~${byte.toString(16).padStart(2, '0')}`
  })
  const year = limits.key === 'dated' ? `${new Date().getUTCFullYear()}/` : ''
  return `files/${year}${bytes.join('')}/`
}

function ownFolder(one: { limits: UploadCase['limits']; sub: string }): string {
  return `${rootFolder(one)}${one.limits.key === 'deep' ? 'in/' : ''}`
}
