import { decide } from '../../shared/policy/decide'
import { toPrefixGrant } from '../../shared/policy/prefix-grant'
import { signTicket } from '../../shared/policy/signed-ticket'
import { toTicket } from '../../shared/policy/ticket'
import type { Rule } from '../../shared/rules/rule'
import type { RuleInput } from '../../shared/rules/rule-input'
import { defineRules, GiB, MiB } from '../../shared/rules/rules'
import { sessionPolicy } from '../../shared/rules/session-policy'
import { changed, changedUpload, issuesOf, STS, UPLOAD } from '../policy/support/wrong-rules'

describe('what STS can not enforce', () => {
  test('is nothing in a rule that limits nothing but names the callback', () => {
    expect(issuesOf({ files: STS })).toEqual([])
  })

  test.each([
    [{ unenforced: undefined }, 'callback'],
    [{ overwrite: false }, 'overwrite'],
    [{ minBytes: 1 }, 'size'],
    [{ maxBytes: 1 }, 'size'],
    [{ contentTypes: ['image/*'] }, 'contentType'],
    [{ cacheControl: 'no-cache' }, 'headers'],
    [{ storageClass: 'IA' }, 'headers'],
    [{ metadata: {} }, 'metadata'],
    [{ contentMd5: 'required' }, 'contentMd5'],
  ])('is refused unless it is named: %j', (change, limit) => {
    const upload = { ...STS.upload, ...change } as Record<string, unknown>
    if (upload.unenforced === undefined) delete upload.unenforced
    const rule = { ...STS, upload }
    expect(issuesOf({ files: rule })).toEqual([
      expect.stringMatching(
        new RegExp(
          `^files.upload.mechanisms: sts can't enforce ${limit} \\(.*unenforced: \\{ sts: \\['${limit}'\\] \\}`,
        ),
      ),
    ])
    const accepted = { ...upload, unenforced: { sts: ['callback', limit] } }
    expect(issuesOf({ files: { ...STS, upload: accepted } })).toEqual([])
  })

  test('includes the shape of keys below the prefix', () => {
    expect(issuesOf(changed(STS, { key: 'files/{sub}/{uuid}' }))).toEqual([
      expect.stringContaining("sts can't enforce key (form and url can"),
    ])
  })

  test.each([{ as: 'attachment' }, { styles: ['thumb'] }])(
    'is refused for downloads: %j',
    (limit) => {
      const download = { mechanisms: ['sts'], ...limit }
      expect(issuesOf(changed(STS, { download }))).toEqual([
        expect.stringMatching(/download.mechanisms: sts can't enforce (as|process) \(url can;/),
      ])
    },
  )

  test.each(['upload', 'download'])('includes a life below 900 seconds (%s)', (side) => {
    const lives = (ttlSeconds: number) =>
      issuesOf(changed(STS, { download: {}, [side]: { ...STS[side as 'upload'], ttlSeconds } }))
    expect(lives(899)).toEqual([
      expect.stringContaining(`files.${side}.ttlSeconds: must be at least 900 for STS credentials`),
    ])
    expect(lives(900)).toEqual([])
  })
})

test.each(['upload', 'download'])('takes a life of 30 seconds, which a URL needs (%s)', (side) => {
  const lives = (ttlSeconds: number) => issuesOf({ files: { ...UPLOAD, [side]: { ttlSeconds } } })
  expect(lives(30)).toEqual([])
  expect(lives(29)).toEqual([`files.${side}.ttlSeconds: must be at least 30`])
})

describe('types that a ticket for STS credentials must name', () => {
  const lending = (contentTypes: string[]) => {
    const unenforced = { sts: ['callback', 'contentType'] }
    return changedUpload(STS, { contentTypes, unenforced })
  }
  const types = (count: number) =>
    Array.from({ length: count }, (_, index) => `application/vnd.example-${100 + index}`)
  const issue =
    'files.upload.contentTypes: are too long for a ticket with sts (list fewer, or use a pattern such as image/*)'

  test('are refused when no ticket could hold them', () => {
    expect(issuesOf(lending(types(80)))).toEqual([issue])
    expect(issuesOf(changedUpload(UPLOAD, { contentTypes: types(80) }))).toEqual([])
  })

  test('fit the ticket of the longest caller whenever they are taken', async () => {
    let most = 1
    while (issuesOf(lending(types(most + 1))).length === 0) most += 1
    expect(most).toBeGreaterThan(20)
    // The last type takes what is left, to the byte.
    const filled = (more: number) => [...types(most).slice(1), `${types(1)[0]}${'x'.repeat(more)}`]
    let more = 0
    while (issuesOf(lending(filled(more + 1))).length === 0) more += 1
    const rules = defineRules(lending(filled(more)) as Record<string, RuleInput>)
    const caller = { sub: '\u5b57'.repeat(255), claims: {} }
    const wish = { operation: 'sts', rule: 'files', access: 'write' } as const
    const context = { rules, bucket: 'x'.repeat(63), now: 1_700_000_000, uuid: () => '' }
    const grant = await decide(caller, wish, context)
    const keys = { secrets: ['secret'], audience: 'https://a.example' }
    const ticket = signTicket(toTicket(grant, { id: 'x'.repeat(36), now: context.now }), keys)
    expect(ticket.length).toBeGreaterThan(3_600)
  })
})

test('takes files of one size alone', () => {
  expect(issuesOf(changedUpload(UPLOAD, { minBytes: 5, maxBytes: 5 }))).toEqual([])
})

test('takes parts of 100 KiB to 5 GiB', () => {
  for (const partBytes of [102_400, 5 * GiB]) {
    expect(issuesOf(changedUpload(UPLOAD, { multipart: { partBytes } }))).toEqual([])
  }
  expect(issuesOf(changedUpload(UPLOAD, { multipart: false }))).toEqual([])
})

test.each([
  [{ mechanisms: ['form'] }, 'requires URLs'],
  [{ mechanisms: ['url'], contentMd5: 'required' }, 'can not check the MD5 of a whole file'],
])('refuses parts in a rule with %j', (change, issue) => {
  const rule = changedUpload(UPLOAD, { ...change, multipart: { partBytes: MiB } })
  expect(issuesOf(rule)).toEqual([expect.stringContaining(`files.upload.multipart: ${issue}`)])
})

test("refuses a form that can't enforce an MD5 or the names of metadata", () => {
  const issues = issuesOf(changedUpload(UPLOAD, { contentMd5: 'required', metadata: { a: 1 } }))
  expect(issues).toEqual([
    "files.upload.mechanisms: form can't enforce contentMd5 (url can; or accept it with unenforced: { form: ['contentMd5'] })",
    "files.upload.mechanisms: form can't enforce metadata (url can; or accept it with unenforced: { form: ['metadata'] })",
  ])
})

test.each([
  ['any type', { upload: {} }],
  ['SVG', { upload: { contentTypes: ['image/*'] } }],
  [
    'what STS lets in',
    {
      upload: {
        contentTypes: ['image/png'],
        overwrite: true,
        mechanisms: ['sts'],
        unenforced: { sts: ['contentType', 'callback'] },
      },
    },
  ],
])('refuses to show %s in browsers', (_, rule) => {
  const download = { as: 'inline', mechanisms: ['url'] }
  expect(issuesOf({ files: { key: 'files/{sub}/{path}', ...rule, download } })).toEqual([
    expect.stringMatching(
      /^files.download.as: is inline, but callers can store types that browsers run/,
    ),
  ])
  const file = { as: 'attachment', mechanisms: ['url'] }
  expect(issuesOf({ files: { key: 'files/{sub}/{path}', ...rule, download: file } })).toEqual([])
})

test('refuses a key whose session policies may pass 2048 bytes', () => {
  const key = (folder: string) => `files/{sub}/${folder}/{path}`
  const fits = changed({ ...STS, download: { list: true } }, { key: key('x'.repeat(190)) })
  expect(issuesOf(fits)).toEqual([])
  const long = changed({ ...STS, download: { list: true } }, { key: key('x'.repeat(290)) })
  expect(issuesOf(long)).toEqual([
    'files.key: makes session policies longer than 2048 bytes (shorten the folders)',
  ])
})

const LENT = ['callback', 'acl', 'headers', 'kmsKey']
const KMS = { serverSideEncryption: 'KMS', kmsKeyId: 'x'.repeat(64) }

test.each([
  [{}],
  [{ acl: 'public-read', unenforced: { sts: ['callback', 'acl'] } }],
  [{ ...KMS, unenforced: { sts: LENT } }],
  [{ ...KMS, acl: 'public-read-write', unenforced: { sts: LENT.filter((one) => one !== 'acl') } }],
])('weighs session policies by the longest caller, bucket and address: %j', (change) => {
  const key = (length: number) => `files/{sub}/${'x'.repeat(length)}/{path}`
  const reading = { unenforced: { sts: 'kmsKeyId' in change ? ['kmsKey'] : [] } }
  const download = { list: true, mechanisms: ['sts'], ...reading }
  const bound = { ...STS.upload, bindSourceIp: true, ...change }
  const isTaken = (length: number) => {
    const rule = { ...STS, download, upload: bound, key: key(length) }
    return issuesOf({ files: rule }).length === 0
  }
  let longest = 1
  while (isTaken(longest + 1)) longest += 1
  const rule = defineRules({
    files: {
      ...STS,
      upload: bound,
      download,
      key: key(longest),
    } as RuleInput,
  }).get('files')
  const grant = toPrefixGrant(rule as Rule, {
    sub: 'x'.repeat(96),
    access: 'read-write',
    bucket: 'x'.repeat(63),
    durationSeconds: 900,
    now: 0,
    sourceIp: 'x'.repeat(39),
  })
  // The folder is in the policy four times: twice as a resource and twice as a prefix to list.
  const size = sessionPolicy(grant, { secure: true }).length
  expect(size).toBeLessThanOrEqual(2048)
  expect(size).toBeGreaterThan(2048 - 4)
})

test('refuses to look at files that OSS has put into an archive', () => {
  const issuesWith = (storageClass: string) =>
    issuesOf(changedUpload(UPLOAD, { sniff: true, storageClass }))
  expect(issuesWith('IA')).toEqual([])
  for (const storageClass of ['Archive', 'ColdArchive', 'DeepColdArchive']) {
    expect(issuesWith(storageClass)).toEqual([expect.stringContaining('files.upload.sniff: reads')])
  }
})
