import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { main } from '../../../local/main'
import { ACCESS } from '../../../local/oss/errors/access'
import { AUTH } from '../../../local/oss/errors/auth'
import { CALLBACK } from '../../../local/oss/errors/callback'
import { FORM } from '../../../local/oss/errors/form'
import { OBJECT } from '../../../local/oss/errors/object'
import { toUploadEvent } from '../../../shared/events/event'
import type { Upload } from '../../../shared/rules/upload'
import { explain } from '../../../tools/explain'
import { BY_CODE, BY_EC } from '../../../tools/explain/causes'
import { localCommand } from '../../support/bundle'
import { runCommand } from '../../support/run-command'

const CONTEXT = { now: 1_700_000_000 }
const UPLOAD: Upload = {
  ...{ rule: 'avatar', sub: 'alice', bucket: 'demo-bkt', key: 'avatars/alice/1.png', size: 9 },
  ...{ etag: 'A', contentType: 'image/png', metadata: {}, mechanism: 'url', proof: 'callback' },
  uploadedAt: '2030-01-01T00:00:00Z',
}
const statesOf = (value: unknown) =>
  Object.fromEntries(
    explain(JSON.stringify(value), CONTEXT).map(({ subject, state }) => [subject, state]),
  )

it('knows forty errors and more, each with its fix in one line', () => {
  const causes = Object.values({ ...BY_EC, ...BY_CODE })
  expect(causes.length).toBeGreaterThanOrEqual(40)
  expect(causes.filter(({ what, fix }) => /\n|\.$/.test(what + fix) || fix === '')).toEqual([])
})

it.each(Object.keys(BY_EC))('explains %s, which the local OSS answers in the same case', (ec) => {
  const kinds = [AUTH, ACCESS, CALLBACK, FORM, OBJECT].flatMap((each) => Object.values(each))
  const codes = kinds.filter(([, , , each]) => each === ec).map(([, code]) => code)
  expect(codes.length).toBeGreaterThan(0)
  expect(explain(ec, CONTEXT)).toMatchObject([{ state: 'wrong', subject: ec }])
})

it('explains an error of OSS by its EC, by its code where the EC is new, and not at all where both are', () => {
  const xml = (code: string, ec: string) =>
    `<?xml version="1.0"?><Error><Code>${code}</Code><Message>No &amp; no</Message><EC>${ec}</EC></Error>`
  expect(explain(xml('AccessDenied', '0003-00000301'), CONTEXT)).toMatchObject([
    {
      state: 'wrong',
      subject: 'AccessDenied (0003-00000301)',
      what: BY_EC['0003-00000301']?.what,
      why: 'message: No & no',
    },
  ])
  expect(explain(xml('AccessDenied', '9999-00000001'), CONTEXT)).toMatchObject([
    { state: 'wrong', what: BY_CODE.AccessDenied?.what },
  ])
  expect(explain(xml('Unheard', '9999-00000001'), CONTEXT)).toMatchObject([
    { state: 'unknown', what: 'No & no', fix: expect.stringContaining('9999-00000001') },
  ])
})

it('explains an error of STS', () => {
  const error = { RequestId: 'x', HostId: 'sts', Code: 'EntityNotExist.Role', Message: 'no' }
  expect(explain(JSON.stringify(error), CONTEXT)).toMatchObject([
    { state: 'wrong', what: 'There is no such role' },
  ])
  const throttled = { ...error, Code: 'NoPermission.Other' }
  expect(explain(JSON.stringify(throttled), CONTEXT)).toMatchObject([
    { what: BY_CODE.NoPermission?.what },
  ])
})

describe('an upload event', () => {
  const PROVEN = {
    id: 'ok',
    delivery: 'ok',
    ticket: 'ok',
    caller: 'ok',
    object: 'ok',
    content: 'ok',
  }

  it('of a callback is proven', () => {
    expect(statesOf(toUploadEvent(UPLOAD))).toEqual(PROVEN)
  })

  it('of the trigger has no proven ticket, nor a caller that no key names', () => {
    const { mechanism: _, sub: __, ...rest } = UPLOAD
    expect(statesOf(toUploadEvent({ ...rest, proof: 'trigger' }))).toEqual({
      ...PROVEN,
      ticket: 'unknown',
      caller: 'unknown',
    })
  })

  it('without confirmation says nothing of the object, and none of the image', () => {
    const { uploadedAt: _, ...rest } = UPLOAD
    const image = { width: 1, height: 1 }
    expect(statesOf(toUploadEvent({ ...rest, image }))).toEqual({
      ...PROVEN,
      object: 'unknown',
      image: 'unknown',
    })
  })

  it('that was changed has an id that is not its own', () => {
    const event = toUploadEvent(UPLOAD)
    expect(statesOf({ ...event, data: { ...event.data, size: 10 } }).id).toBe('wrong')
    expect(statesOf({ ...event, data: {} })).toEqual({ event: 'wrong' })
  })
})

it('says of the body of a callback that it proves nothing alone', () => {
  const body = {
    ...{
      bucket: 'b',
      object: 'o',
      etag: 'E',
      size: 1,
      mimeType: '',
      crc64: null,
      contentMd5: null,
    },
    ...{ operation: 'PutObject', reqId: null, ticket: 't' },
    ...{ imageHeight: null, imageWidth: null, imageFormat: null },
  }
  expect(statesOf(body)).toEqual({
    body: 'ok',
    sender: 'unknown',
    ticket: 'unknown',
    object: 'unknown',
  })
})

describe('oss-direct explain', () => {
  const folder = mkdtempSync(join(tmpdir(), 'oss-direct-test-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  async function run(argv: string[], input?: string) {
    if (input === undefined) return runCommand(() => main(['explain', ...argv]))
    const command = [await localCommand(), 'explain', ...argv]
    const { status, stdout, stderr } = spawnSync(process.execPath, command, {
      input,
      encoding: 'utf8',
    })
    return { status, stdout, stderr }
  }

  it('takes an argument, a file or stdin, and ends with 1 for what is wrong', async () => {
    const file = join(folder, 'error.txt')
    writeFileSync(file, '0002-00000504\n')
    const byArgument = await run(['0002-00000504'])
    expect(byArgument).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('fix: set the clock'),
    })
    expect(await run([file])).toEqual(byArgument)
    expect(await run([], '0002-00000504')).toEqual(byArgument)
    expect(await run(['-'], '0002-00000504')).toEqual(byArgument)
  })

  it('prints JSON, and ends with 0 for what is proven', async () => {
    const { status, stdout } = await run(['--json'], JSON.stringify(toUploadEvent(UPLOAD)))
    expect([status, JSON.parse(stdout)[0]]).toEqual([0, expect.objectContaining({ state: 'ok' })])
  })

  it('says what it does not know, and what it was not given', async () => {
    expect(await run(['nonsense'])).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('unknown'),
    })
    expect((await run([], '{}')).status).toBe(1)
    expect(await run([], ' ')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('nothing to explain'),
    })
    expect((await run([], 'x'.repeat(1024 * 1024 + 1))).status).toBe(2)
    expect((await run(['a', 'b'])).status).toBe(2)
  })
})
