import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { main } from '../../local/main'
import exampleRules from '../../rules'
import { defineRules } from '../../shared/rules/rules'
import { reportCaller } from '../../tools/caller-report'
import { loadRules } from '../../tools/load-rules'
import { parseCaller } from '../../tools/rules'
import { reportRules, toTable } from '../../tools/rules-report'
import { runCommand } from '../support/run-command'
import { NOW, UUID } from './support/example'

const run = (...options: string[]) => runCommand(() => main(['rules', ...options]))

describe('the table of the example rules', () => {
  test('says who enforces each limit', () => {
    expect(toTable(reportRules(exampleRules))).toBe(`avatar  avatars/{sub}/{uuid}.{ext}
  upload, 600 s  form      url
    key          OSS       OSS  avatars/{sub}/{uuid}.{ext}
    size         OSS       OSS  0 to 5242880 bytes
    contentType  OSS       OSS  image/png, image/jpeg, image/webp
    overwrite    OSS       OSS  no
    acl          OSS       OSS  private
    metadata     callback  OSS  none is asked for
    callback     OSS       OSS  always
  download, 300 s  url
    key            OSS  avatars/{sub}/{uuid}.{ext}

documents  documents/{sub}/{path}
  upload, 900 s  url  sts
    size         OSS  callback  0 to 2147483648 bytes
    contentType  OSS  callback  application/pdf, image/*
    acl          OSS  NOBODY    private
    metadata     OSS  callback  none is asked for
    callback     OSS  NOBODY    always
  download, 900 s  url  sts
  list, 900 s  url
  remove, 900 s  url

OSS       refuses the request
callback  our callback calls the upload unproven, after it is stored
NOBODY    the rule accepts that this mechanism does not enforce it`)
  })

  test('has the name where forms give it up, and what they give up with it', () => {
    const unenforced = { form: ['name', 'key', 'acl'] } as const
    const upload = { overwrite: true, mechanisms: ['form', 'url'], unenforced } as const
    const table = toTable(reportRules(defineRules({ web: { key: 'web/{sub}/{uuid}', upload } })))
    expect(table.split('\n').slice(0, 5)).toEqual([
      'web  web/{sub}/{uuid}',
      '  upload, 900 s  form      url',
      '    name         callback  OSS  of one file',
      '    key          callback  OSS  web/{sub}/{uuid}',
      '    acl          NOBODY    OSS  private',
    ])
  })

  test('names bucket, headers, metadata and download limits of a rule that has them', () => {
    const rules = defineRules({
      full: {
        bucket: 'own-bkt',
        key: 'full/{sub}/{path}',
        upload: {
          mechanisms: ['url'],
          cacheControl: 'no-cache',
          metadata: { title: 9 },
          contentMd5: 'required',
        },
        download: { as: 'attachment', styles: ['a', 'b'] },
      },
    })
    const table = toTable(reportRules(rules))
    expect(table).toContain('full  own-bkt: full/{sub}/{path}')
    expect(table).toMatch(/headers +OSS +x-oss-storage-class: Standard, cache-control: no-cache/)
    expect(table).toMatch(/metadata +OSS +only title \(9 bytes\)/)
    expect(table).toMatch(/contentMd5 +OSS +as promised/)
    expect(table).toMatch(/as +OSS +attachment/)
    expect(table).toMatch(/process +OSS +a, b/)
  })
})

describe('what a caller would get', () => {
  const context = { rules: exampleRules, bucket: 'demo-bkt', now: NOW, uuid: () => UUID }

  test('is the key, the headers and the policies of each mechanism', async () => {
    const outcomes = await reportCaller({ sub: 'alice', claims: { plan: 'pro' } }, context)
    expect(outcomes.map(({ rule, asks, by }) => `${rule} ${asks} ${by}`)).toEqual([
      'avatar upload form',
      'avatar upload url',
      'documents upload url',
      'documents list url',
      'documents read-write sts',
    ])
    expect(outcomes).toMatchObject([
      {
        granted: {
          key: `avatars/alice/${UUID}.png`,
          postPolicy: expect.stringContaining('"$x:ticket"'),
        },
      },
      { granted: { key: `avatars/alice/${UUID}.png`, headers: { 'content-type': 'image/png' } } },
      { granted: { key: 'documents/alice/example.pdf' } },
      { granted: { prefix: 'documents/alice/' } },
      {
        granted: {
          prefix: 'documents/alice/',
          sessionName: 'alice',
          sessionPolicy: expect.stringContaining('acs:oss:*:*:demo-bkt/documents/alice/*'),
        },
      },
    ])
  })

  test('is a sentence where a rule refuses', async () => {
    const outcomes = await reportCaller({ sub: 'bob', claims: {} }, context)
    expect(outcomes.slice(2)).toMatchObject([
      { refused: 'This caller may not do this.' },
      { refused: 'This caller may not do this.' },
      { refused: 'This caller may not do this.' },
    ])
  })

  test('fits every limit with its example file', async () => {
    const unenforced = {
      sts: ['size', 'contentType', 'contentMd5', 'callback'],
      form: ['contentMd5'],
    } as const
    const rules = defineRules({
      odd: {
        key: 'odd/{sub}/{path}',
        upload: {
          contentTypes: ['model/*'],
          minBytes: 2000,
          maxBytes: 3000,
          contentMd5: 'required',
          overwrite: true,
          mechanisms: ['sts', 'url', 'form'],
          unenforced,
        },
      },
      reader: { key: 'in/{sub}/{path}', download: { mechanisms: ['sts'] } },
    })
    const outcomes = await reportCaller({ sub: 'alice', claims: {} }, { ...context, rules })
    expect(outcomes.map((outcome) => 'granted' in outcome)).toEqual([true, true, true, true])
    expect(outcomes.map(({ asks }) => asks)).toEqual(['upload', 'upload', 'write', 'read'])
  })
})

describe('parseCaller', () => {
  test.each([
    ['alice', 'alice', {}],
    ['alice,plan=pro,level=3,staff=true', 'alice', { plan: 'pro', level: 3, staff: true }],
    ['CN=Ann\\,O=Ex,plan=pro', 'CN=Ann,O=Ex', { plan: 'pro' }],
    ['a,roles=["x"\\,"y"],note=a=b,empty=', 'a', { roles: ['x', 'y'], note: 'a=b', empty: '' }],
  ])('reads %s', (text, sub, claims) => {
    expect(parseCaller(text)).toEqual({ sub, claims: { sub, ...claims } })
  })

  test.each(['', ',plan=pro', 'alice,plan', 'alice,=x'])('refuses %j', (text) => {
    expect(() => parseCaller(text)).toThrow(/needs a subject|is no claim/)
  })
})

describe('the command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rules-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  test('prints the table, and JSON for machines', async () => {
    expect((await run()).stdout.trim()).toBe(toTable(reportRules(exampleRules)))
    expect(JSON.parse((await run('--json')).stdout)).toEqual(reportRules(exampleRules))
  })

  test('prints what a caller would get', async () => {
    const { stdout: out } = await run('--caller', 'auth0|5f,plan=pro', '--bucket', 'own-bkt')
    expect(out).toContain('documents, read-write by sts:\n  prefix  documents/auth0~7c5f/')
    expect(out).toContain('acs:oss:*:*:own-bkt/documents/auth0~7c5f/*')
    expect((await run('--caller', 'bob')).stdout).toContain(
      'documents, upload by url: refused. This caller may not do this.',
    )
  })

  test('says what is wrong with rules, options and files, and fails', async () => {
    const file = join(folder, 'none.ts')
    writeFileSync(file, 'export const nothing = 1\n')
    expect(await run('--rules', file)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('defineRules'),
    })
    expect(await run('--bogus')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--bogus'),
    })
    await expect(loadRules(join(folder, 'absent.ts'))).rejects.toThrow(/absent/)
  })

  test('explains itself', async () => {
    expect((await run('--help')).stdout).toContain('oss-direct rules')
  })
})
