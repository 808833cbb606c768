import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import projectRules from '../../rules'
import { defineRules, type Rules } from '../../shared/rules/rules'
import { findManifestIssues, readManifest } from '../../tools/check-manifest'
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

  it('are too few for eleven first folders, which EventBridge reports all together', () => {
    expect(prefixesOf(uploadingTo(...numbered(10)))).toHaveLength(10)
    const inside = numbered(11).map((folder) => `${folder}up/`)
    expect(prefixesOf(uploadingTo(...inside))).toEqual(inside)
    const written = writeTriggers(MANIFEST, uploadingTo(...inside))
    expect(written.match(/triggerType: eventbridge/g)).toHaveLength(1)
    expect(written).not.toContain('triggerType: oss')
  })

  it('are those of each bucket, whatever another one needs', () => {
    const other = numbered(2, 'o/').map((prefix) => ({ prefix, bucket: 'other-bucket' }))
    const written = writeTriggers(MANIFEST, uploadingTo(...numbered(11), ...other))
    expect(written.match(/triggerType: oss/g)).toHaveLength(2)
    expect(written.match(/triggerType: eventbridge/g)).toHaveLength(1)
    expect(written.indexOf('&uploads')).toBeLessThan(written.indexOf('*uploads'))
  })
})

describe('a manifest made of the rules of another project', () => {
  const FUNCTIONS = readdirSync('functions').map((file) => basename(file, '.ts'))
  const folder = mkdtempSync(join(tmpdir(), 'oss-direct-manifest-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function issuesOf(manifest: string, rules: Rules): string[] {
    const file = join(folder, 's.yaml')
    writeFileSync(file, manifest)
    return findManifestIssues(readManifest(file), FUNCTIONS, rules)
  }

  it.each([1, 10, 30])('passes the check with %i folders', (folders) => {
    const rules = uploadingTo(...numbered(folders))
    expect(issuesOf(writeTriggers(MANIFEST, rules), rules)).toEqual([])
  })

  it('fails it where EventBridge reports a folder less, or not all ways to write', () => {
    const rules = uploadingTo(...numbered(30))
    const written = writeTriggers(MANIFEST, rules)
    expect(issuesOf(written.replace('{"prefix":"f7/"},', ''), rules)).toEqual([
      'upload-event: has no trigger for sample-bucket/f7/, which a rule lets callers write: run npm run manifest -- --write',
    ])
    expect(issuesOf(written.replace('"oss:ObjectCreated:PostObject",', ''), rules)).toEqual([
      expect.stringContaining('upload-event: each trigger listens to'),
    ])
    expect(issuesOf(written.replace('triggerEnable: true', 'triggerEnable: false'), rules)).toEqual(
      [expect.stringContaining('no trigger for sample-bucket/f0/'), expect.anything()],
    )
  })
})

it('does not write a manifest without a place for the triggers', () => {
  const without = MANIFEST.replace(/^ *# End of what comes from rules\.ts.*\n/m, '')
  expect(() => writeTriggers(without, projectRules)).toThrow('has lost the two comments')
})
