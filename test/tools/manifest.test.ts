import { readFileSync } from 'node:fs'
import projectRules from '../../rules'
import { defineRules, type Rules } from '../../shared/rules/rules'
import { findTriggerDrift, triggerFolders, writeTriggers } from '../../tools/manifest'

const MANIFEST = readFileSync('s.yaml', 'utf8')
const upload = { contentTypes: ['image/png'] }

type Place = { bucket?: string; prefix: string }

/** Rules that upload to these folders. */
function uploadingTo(...places: (Place | string)[]): Rules {
  const named = places.map((place) => (typeof place === 'string' ? { prefix: place } : place))
  const rules = named.map(({ prefix, bucket }, at) => [
    `rule${at}`,
    { key: `${prefix}{sub}/{uuid}`, upload, ...(bucket && { bucket }) },
  ])
  return defineRules(Object.fromEntries(rules))
}

const prefixesOf = (rules: Rules) => triggerFolders(rules).map(({ prefix }) => prefix)
const numbered = (count: number, parent = '') =>
  Array.from({ length: count }, (_, at) => `${parent}f${at}/`)

it('s.yaml has the triggers of rules.ts', () => {
  expect(findTriggerDrift(MANIFEST, projectRules)).toEqual([])
  expect(writeTriggers(MANIFEST, projectRules)).toBe(MANIFEST)
})

it.each([
  ['a folder more', uploadingTo('avatars/', 'documents/', 'videos/')],
  ['a folder less', uploadingTo('avatars/')],
  ['another folder', uploadingTo('avatars/', 'papers/')],
  ['another bucket', uploadingTo('avatars/', { prefix: 'documents/', bucket: 'other-bucket' })],
])('names the command that mends it when the rules have %s', (_, rules) => {
  expect(findTriggerDrift(MANIFEST, rules)).toEqual([
    'its triggers are not those of rules.ts: run npm run manifest -- --write',
  ])
  expect(findTriggerDrift(writeTriggers(MANIFEST, rules), rules)).toEqual([])
})

it('writes nothing but the triggers of upload-event', () => {
  const written = writeTriggers(MANIFEST, uploadingTo('videos/'))
  expect(written).toContain('- triggerName: videos\n')
  expect(written).toContain('filter: { key: { prefix: "videos/", suffix: "" } }')
  expect(written).not.toContain('avatars')
  expect(writeTriggers(written, projectRules)).toBe(MANIFEST)
})

it('has no trigger where the rules upload nothing', () => {
  const reading = defineRules({ a: { key: 'a/{sub}/{uuid}', download: {} } })
  expect(writeTriggers(MANIFEST, reading)).toMatch(/\n {6}triggers: \[\]\n/)
})

it('has one trigger for rules of one folder, and none inside the folder of another', () => {
  expect(prefixesOf(uploadingTo('a/b/', 'a/', 'c/', 'a/b/d/'))).toEqual(['a/', 'c/'])
  expect(prefixesOf(uploadingTo('a/', 'ab/'))).toEqual(['a/', 'ab/'])
})

it('names each trigger by its folder, with letters that a name may have and no name twice', () => {
  const rules = uploadingTo('a-b/', 'a/b/', 'a.b/', '1/', { prefix: 'c/', bucket: 'other-bucket' })
  const written = writeTriggers(MANIFEST, rules)
  const names = Array.from(
    written.matchAll(/- triggerName: (?!http|timer)(.*)/g),
    ([, name]) => name,
  )
  expect(names).toEqual([
    'a-b',
    expect.stringMatching(/^uploads-a-b-[0-9a-f]{8}$/),
    expect.stringMatching(/^uploads-a-b-[0-9a-f]{8}$/),
    expect.stringMatching(/^uploads-1-[0-9a-f]{8}$/),
    expect.stringMatching(/^uploads-c-[0-9a-f]{8}$/),
  ])
  expect(new Set(names).size).toBe(5)
})

it("listens to another bucket by that bucket's name", () => {
  const written = writeTriggers(MANIFEST, uploadingTo({ prefix: 'a/', bucket: 'other-bucket' }))
  expect(written).toMatch(/sourceArn: acs:oss:\S+:other-bucket\n/)
})

describe('the ten triggers that a bucket may have', () => {
  it('are one for each folder up to ten', () => {
    expect(prefixesOf(uploadingTo(...numbered(10, 'up/')))).toEqual(numbered(10, 'up/'))
  })

  it('are for the first folders from eleven on', () => {
    expect(prefixesOf(uploadingTo(...numbered(10, 'up/'), 'other/'))).toEqual(['up/', 'other/'])
  })

  it('are of one bucket each', () => {
    const other = numbered(10, 'up/').map((prefix) => ({ prefix, bucket: 'other-bucket' }))
    expect(triggerFolders(uploadingTo(...numbered(10), ...other))).toHaveLength(20)
  })

  it('are too few for eleven first folders, with the way out', () => {
    expect(prefixesOf(uploadingTo(...numbered(10)))).toHaveLength(10)
    expect(() => triggerFolders(uploadingTo(...numbered(11)))).toThrow(
      'The rules upload to 11 folders of the bucket, which may have 10 triggers, those of other applications included: put them in one folder, like uploads/f0/, or in another bucket',
    )
  })
})

it('does not write a manifest without a place for the triggers', () => {
  const without = MANIFEST.replace(/^ *# End of what comes from rules\.ts.*\n/m, '')
  expect(() => writeTriggers(without, projectRules)).toThrow('has lost the two comments')
})
