// Covers shared/dialects/web-form.ts: a form of a web sample lets pass what the rule says, as one of ours, but for what it gives up.
import { randomInt } from 'node:crypto'
import * as fc from 'fast-check'
import { defineRules } from '../../shared/rules/rules'
import { isSizeFit, isTypeFit } from './support/equivalence/naive'
import {
  sentOf,
  toWebRule,
  tryWebForm,
  type WebFormCase,
  webFormCase,
} from './support/equivalence/web-forms'
import { startWorld, type World } from './support/equivalence/world'

const CASES = Math.ceil(Number(process.env.EQUIVALENCE_CASES ?? 200) * 0.5)
const SEED = Number(process.env.EQUIVALENCE_SEED ?? randomInt(2 ** 31))

let world: World
let count = 0

beforeAll(async () => {
  process.stdout.write(`equivalence of web forms: ${CASES} cases, seed ${SEED}\n`)
  world = await startWorld()
})
afterAll(() => world.close())

function mayAsk(one: WebFormCase): boolean {
  const { limits, waived, isNamed, contentType, contentLength, isPro } = one
  if (limits.onlyPro !== 'no' && !isPro) return false
  if (!isNamed && !waived.includes('name')) return false
  if (contentType !== undefined && !isTypeFit(limits, contentType)) return false
  if (contentLength !== undefined && !isSizeFit(limits, contentLength)) return false
  const takesAll = limits.contentTypes === undefined || limits.contentTypes.includes('*/*')
  return contentType !== undefined || (!isNamed && (takesAll || waived.includes('contentType')))
}

/** Why OSS must refuse the form, the object being there already or not. */
function refusals(one: WebFormCase, exists: boolean): string[] {
  const { limits, waived, stray, isNamed, contentType, contentLength } = one
  const { bytes, type } = sentOf(one)
  const kept = (limit: string) => !waived.some((each) => each === limit)
  const acl = limits.acl ?? 'private'
  const isLeftOut = stray.isSample && stray.acl === undefined
  const hasClass = !stray.isSample || stray.storageClass !== undefined
  const why: [string, boolean][] = [
    ['key', stray.place !== undefined && (isNamed || stray.place !== 'sibling')],
    ['size', !isSizeFit(limits, bytes) || (contentLength ?? bytes) !== bytes],
    ['type', kept('contentType') && contentType !== undefined && !hasType(one)],
    ['part', !kept('contentType') && !isPartFit(one, type)],
    ['acl', kept('acl') && isLeftOut],
    ['acl', (stray.acl ?? acl) !== acl],
    [
      'headers',
      kept('headers') && (!hasClass || (stray.storageClass ?? classOf(one)) !== classOf(one)),
    ],
    ['headers', kept('headers') && stray.isSample && limits.cacheControl !== undefined],
    ['overwrite', kept('overwrite') && !limits.overwrite && (exists || stray.isSample)],
    ['callback', stray.noCallback && !limits.unreported],
  ]
  return why.filter(([, isWrong]) => isWrong).map(([name]) => name)
}

const classOf = ({ limits }: WebFormCase) => limits.storageClass ?? 'Standard'

/** Whether both fields have the type that was named; OSS takes the file part's for the one that the sample leaves out. */
function hasType(one: WebFormCase): boolean {
  const { isSample, typeField } = one.stray
  const fields = isSample ? [typeField, sentOf(one).type] : [typeField ?? one.contentType]
  return fields.every((field) => field === one.contentType)
}

/** Whether the file part is of the type that was named, or of one that a single condition can say. */
function isPartFit({ limits, contentType }: WebFormCase, type: string): boolean {
  return contentType === undefined ? isTypeFit(limits, type) : type === contentType
}

/** Whether our callback must prove what OSS stored. */
function counts(one: WebFormCase): boolean {
  const { limits, stray, contentType, waived } = one
  const { type } = sentOf(one)
  const isFielded = !waived.includes('contentType') && contentType !== undefined
  const stored = stray.typeField ?? (isFielded ? contentType : type)
  const isType = isTypeFit(limits, stored) && (contentType ?? stored) === stored
  const isClass =
    (stray.storageClass ??
      (stray.isSample || waived.includes('headers') ? 'Standard' : classOf(one))) === classOf(one)
  const isCached =
    limits.cacheControl === undefined || !(stray.isSample || waived.includes('headers'))
  const isOwnName = stray.place === undefined || ['open', 'dated'].includes(limits.key)
  return isType && isClass && isCached && isOwnName && !stray.metadata
}

test(
  'what OSS stores and our callback proves is what the rule says, by the forms of web samples',
  async () => {
    const tally = { refused: 0, stopped: 0, proven: 0, unproven: 0 }
    await fc.assert(
      fc.asyncProperty(webFormCase, async (drawn) => {
        count += 1
        const one = { ...drawn, sub: `${drawn.sub}#${count}` }
        world.setRules(defineRules({ files: toWebRule(one) }))
        const result = await tryWebForm(world, one)
        expect(result).toEqual(
          mayAsk(one)
            ? { answers: expect.anything(), key: expect.anything() }
            : { refused: expect.any(String) },
        )
        if ('refused' in result) {
          tally.refused += 1
          return
        }
        let exists = one.exists && one.stray.place === undefined
        for (const { status, body } of result.answers) {
          const why = refusals(one, exists)
          expect([why, body, status < 300]).toEqual([why, body, why.length === 0])
          tally.stopped += why.length > 0 ? 1 : 0
          if (why.length > 0) continue
          exists = true
          if (one.stray.noCallback) continue
          expect([body, status === 200]).toEqual([body, counts(one)])
          tally[status === 200 ? 'proven' : 'unproven'] += 1
        }
      }),
      { numRuns: CASES, seed: SEED },
    )
    expect(Math.min(...Object.values(tally))).toBeGreaterThan(CASES / 50)
  },
  CASES * 200 + 20_000,
)
