import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openCloud as open, put, RULES, signUrl } from './support/client'

describe('rules', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'oss-direct-test-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const shared = resolve(__dirname, '../../shared')
  const source = readFileSync(RULES, 'utf8').replace('../../../shared', shared)

  function write(text: string): string {
    const file = join(folder, 'rules.ts')
    writeFileSync(file, text)
    return file
  }

  it('stop the start when they are wrong, with every issue', async () => {
    const rules = write(source.replace('{sub}', '{who}').replace("['text/plain']", '[]'))
    const error: Error = await open({ rules }).then(
      () => new Error('it started'),
      (reason) => reason,
    )
    expect(error.message).toContain('notes.key')
    expect(error.message).toContain('notes.upload.contentTypes')
  })

  it('stop the start when they are no rules at all', async () => {
    await expect(open({ rules: write('export default {}') })).rejects.toThrow(
      /rules\.ts must export the result of defineRules.* --rules FILE, .* --only oss,sts/,
    )
    await expect(open({ rules: write('export default (') })).rejects.toThrow('rules.ts:1')
    await expect(open({ rules: join(folder, 'none.ts') })).rejects.toThrow('none.ts')
  })

  it('take effect with the next request when they are edited', async () => {
    const rules = write(source)
    const cloud = await open({ rules, watch: true })
    expect((await signUrl(cloud)).body.key).toBe('notes/alice/a.txt')
    write(source.replace("'notes/{sub}", "'letters/{sub}"))
    const { body } = await signUrl(cloud)
    expect(body.key).toBe('letters/alice/a.txt')
    expect((await put(body)).status).toBe(200)
  })

  it('are told to the page, as they are now', async () => {
    const rules = write(source)
    const cloud = await open({ rules, watch: true })
    const getRules = async () => (await fetch(`${cloud.info.gateway}/local/rules`)).json()
    const notes = {
      name: 'notes',
      isForSome: false,
      upload: {
        contentTypes: ['text/plain'],
        minBytes: 0,
        maxBytes: 4096,
        mechanisms: ['sts', 'url', 'form'],
      },
    }
    expect(await getRules()).toEqual({ rules: [notes] })
    const more = `
      any: { key: 'any/{sub}/{path}', allow: () => true, upload: {} },
      some: { key: 'some/{sub}/{path}', upload: { minBytes: 3, maxBytes: 9 } },
      read: { key: 'read/{sub}/{path}', download: {} },
    })`
    write(source.replace('4 * KiB', '5').replace(/\}\)\s*$/, more))
    const any = { contentTypes: ['*/*'], mechanisms: ['form', 'url'] }
    expect(await getRules()).toEqual({
      rules: [
        { ...notes, upload: { ...notes.upload, maxBytes: 5 } },
        { name: 'any', isForSome: true, upload: any },
        { name: 'some', isForSome: false, upload: { ...any, minBytes: 3, maxBytes: 9 } },
        { name: 'read', isForSome: false },
      ],
    })
  })

  it('stay as they were when an edit breaks them, which is said', async () => {
    const lines: string[] = []
    const rules = write(source)
    const cloud = await open({ rules, watch: true, quiet: true, log: (line) => lines.push(line) })
    write(source.replace('{sub}', '{who}'))
    expect((await signUrl(cloud)).status).toBe(200)
    expect(lines).toEqual([expect.stringContaining('the last valid rules stay')])
    expect(lines[0]).toContain('notes.key')
    write(source.replace('4 * KiB', '4'))
    expect((await signUrl(cloud)).status).toBe(403)
  })
})
