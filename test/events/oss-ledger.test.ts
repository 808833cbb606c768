import { Refusal } from '../../shared/errors'
import { createOssLedger } from '../../shared/events/oss-ledger'
import type { IncomingResponse, OutgoingRequest, Send } from '../../shared/http/message'
import { entryOf } from '../callback/support/example'

const DATE = 'Tue, 14 Nov 2023 22:13:30 GMT'
const MODIFIED = 'Tue, 14 Nov 2023 22:13:20 GMT'

type Answer = Partial<IncomingResponse> | Error

function ledgerOf(answers: Answer[]) {
  const sent: OutgoingRequest[] = []
  const send: Send = async (request) => {
    const answer = answers[sent.length]
    sent.push(request)
    if (!answer || answer instanceof Error) throw answer ?? new Error('One request too many')
    return { status: 200, headers: {}, body: Buffer.alloc(0), ...answer }
  }
  const access = {
    target: {
      bucket: 'demo-bkt',
      region: 'cn-hangzhou',
      endpoint: 'https://oss-cn-hangzhou-internal.aliyuncs.com',
      addressing: 'virtual-hosted' as const,
    },
    credentials: { accessKeyId: 'STS.a', accessKeySecret: 's', securityToken: 't' },
    now: 1_700_000_000,
    send,
  }
  return { ledger: createOssLedger(access, 'me'), sent }
}

function marker(change: object = {}): Partial<IncomingResponse> {
  const value = { claimant: 'other', isSettled: false, ...entryOf('first'), ...change }
  const headers = { date: DATE, 'last-modified': MODIFIED }
  return { headers, body: Buffer.from(JSON.stringify(value)) }
}

async function reasonOf(answers: Answer[], act: 'claim' | 'settle' = 'claim'): Promise<string> {
  try {
    await ledgerOf(answers).ledger[act]('id-1', entryOf('mine'))
  } catch (error) {
    if (error instanceof Refusal) return error.reason
    throw error
  }
  return 'done'
}

describe('the OSS ledger', () => {
  it('claims with a private marker that must not exist yet', async () => {
    const { ledger, sent } = ledgerOf([{ status: 200 }])
    expect(await ledger.claim('id-1', entryOf('mine'))).toEqual({ first: true })
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({
      method: 'PUT',
      url: 'https://demo-bkt.oss-cn-hangzhou-internal.aliyuncs.com/.oss-direct/uploads/id-1',
      headers: {
        'content-type': 'application/json',
        'x-oss-forbid-overwrite': 'true',
        'x-oss-object-acl': 'private',
      },
    })
  })

  it('reads back what the first claim kept, and its age by OSS’s own clock', async () => {
    const claim = await ledgerOf([{ status: 409 }, marker()]).ledger.claim('id-1', entryOf('mine'))
    const entry = entryOf('first')
    expect(claim).toEqual({ first: false, entry, isSettled: false, ageSeconds: 10 })
  })

  it('says when the first claim was settled', async () => {
    const answers = [{ status: 409 }, marker({ isSettled: true })]
    const claim = await ledgerOf(answers).ledger.claim('id-1', entryOf('mine'))
    expect(claim).toMatchObject({ first: false, isSettled: true })
  })

  it.each(['', '{}', 'null', '{"claimant":'])(
    'takes the marker %j for a claim that is not settled, whose words are lost',
    async (text) => {
      const answers = [{ status: 409 }, { ...marker(), body: Buffer.from(text) }]
      const claim = await ledgerOf(answers).ledger.claim('id-1', entryOf('mine'))
      const entry = entryOf('mine')
      expect(claim).toEqual({ first: false, entry, isSettled: false, ageSeconds: 10 })
    },
  )

  it('reads the largest marker that it writes', async () => {
    const { ledger, sent } = ledgerOf([{ status: 409 }, marker()])
    const answer = JSON.stringify({ text: '"'.repeat(32_700) })
    const metadata = { title: '"'.repeat(8192) }
    const { event } = entryOf('')
    await ledger.claim('id-1', { answer, event: { ...event, data: { ...event.data, metadata } } })
    expect(Buffer.byteLength(answer)).toBeGreaterThan(65_400)
    expect(Buffer.byteLength(String(sent[0]?.body))).toBeLessThan(sent[1]?.maxBytes ?? 0)
  })

  it('is the first when its own answer got lost on the way', async () => {
    const answers = [new Error('timeout'), { status: 409 }, marker({ claimant: 'me' })]
    const claim = await ledgerOf(answers).ledger.claim('id-1', entryOf('mine'))
    expect(claim).toEqual({ first: true })
  })

  it('settles by replacing the marker', async () => {
    const { ledger, sent } = ledgerOf([{ status: 200 }])
    await ledger.settle('id-1', entryOf('mine'))
    expect(sent[0]?.headers).not.toHaveProperty('x-oss-forbid-overwrite')
    expect(JSON.parse(String(sent[0]?.body))).toMatchObject({ isSettled: true, answer: 'mine' })
  })

  it('asks once more after a 5xx or no answer', async () => {
    for (const status of [500, 503]) {
      expect(await reasonOf([{ status }, { status: 200 }])).toBe('done')
    }
    expect(await reasonOf([new Error('reset'), { status: 200 }])).toBe('done')
  })

  const versioned = { status: 200, headers: { 'x-oss-version-id': 'null' } }
  it.each<[string, Answer[], string]>([
    ['two 5xx', [{ status: 503 }, { status: 503 }], 'ledger_unavailable'],
    ['no answer twice', [new Error('a'), new Error('b')], 'ledger_unavailable'],
    ['no permission to write', [{ status: 403 }, marker()], 'ledger_unavailable'],
    [
      'no permission to read',
      [{ status: 409 }, { ...marker(), status: 403 }],
      'ledger_unavailable',
    ],
    ['a marker that is gone', [{ status: 409 }, { status: 404 }], 'ledger_unavailable'],
    [
      'a marker without its time',
      [{ status: 409 }, { ...marker(), headers: {} }],
      'ledger_unavailable',
    ],
    ['a bucket with versioning, suspended or on', [versioned], 'ledger_versioned'],
  ])('fails closed at %s', async (_, answers, reason) => {
    expect(await reasonOf(answers)).toBe(reason)
  })

  it('keeps for the log why there was no answer', async () => {
    const cause = new Error('socket hang up')
    const claim = ledgerOf([cause, cause]).ledger.claim('id-1', entryOf('mine'))
    await expect(claim).rejects.toMatchObject({ reason: 'ledger_unavailable', cause })
  })

  it('says when it can’t settle', async () => {
    expect(await reasonOf([{ status: 403 }], 'settle')).toBe('ledger_unavailable')
  })
})

describe('a claim that is only looked for', () => {
  const find = (answers: Answer[]) => ledgerOf(answers).ledger.find('id-1')

  it('is found with its age, whoever made it', async () => {
    const found = { first: false, entry: entryOf('first'), isSettled: false, ageSeconds: 10 }
    expect(await find([marker()])).toEqual(found)
    expect(await find([marker({ claimant: 'me' })])).toEqual(found)
    expect(await find([marker({ isSettled: true })])).toEqual({ ...found, isSettled: true })
  })

  it('is read from the marker of its upload and writes nothing', async () => {
    const { ledger, sent } = ledgerOf([marker()])
    await ledger.find('id-1')
    expect(sent.map(({ method, url }) => [method, url])).toEqual([
      ['GET', 'https://demo-bkt.oss-cn-hangzhou-internal.aliyuncs.com/.oss-direct/uploads/id-1'],
    ])
  })

  it('is none where there is no marker, or one of another version', async () => {
    expect(await find([{ status: 404 }])).toBeUndefined()
    const { headers = {} } = marker()
    expect(await find([{ headers, body: Buffer.from('{}') }])).toBeUndefined()
  })

  it('is unknown where OSS refuses', async () => {
    await expect(find([{ status: 403 }])).rejects.toMatchObject({ reason: 'ledger_unavailable' })
  })
})

describe('a ticket that is bound', () => {
  const bound = (id: string) => ({ body: Buffer.from(JSON.stringify({ upload: id })) })
  const bind = (answers: Answer[]) => {
    const { ledger, sent } = ledgerOf(answers)
    return { isBound: ledger.bind('t-1', 'id-1'), sent }
  }

  it('has a private marker that must not exist yet', async () => {
    const { isBound, sent } = bind([{ status: 200 }])
    expect(await isBound).toBe(true)
    expect(sent[0]).toMatchObject({
      method: 'PUT',
      url: expect.stringContaining('/.oss-direct/uploads/ticket-t-1'),
      headers: { 'x-oss-forbid-overwrite': 'true', 'x-oss-object-acl': 'private' },
      body: '{"upload":"id-1"}',
    })
  })

  it('belongs to the upload in its marker, whatever answer got lost', async () => {
    expect(await bind([{ status: 409 }, bound('id-1')]).isBound).toBe(true)
    expect(await bind([{ status: 503 }, { status: 409 }, bound('id-1')]).isBound).toBe(true)
    expect(await bind([{ status: 409 }, bound('id-2')]).isBound).toBe(false)
  })

  it('is read from the marker of the ticket', async () => {
    const { isBound, sent } = bind([{ status: 409 }, bound('id-1')])
    await isBound
    expect(sent[1]).toMatchObject({ method: 'GET', url: sent[0]?.url })
  })

  it.each<[string, Answer[]]>([
    ['OSS refuses to write', [{ status: 403 }, bound('id-1')]],
    ['OSS refuses to read', [{ status: 409 }, { status: 403 }]],
  ])('is unknown where %s', async (_, answers) => {
    await expect(bind(answers).isBound).rejects.toMatchObject({ reason: 'ledger_unavailable' })
  })
})
