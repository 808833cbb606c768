// Covers `toFcListener` of shared/env/fc.ts.
import { type EnvSource, loadEnv } from '../../shared/env/env'
import { type Listener, toFcListener } from '../../shared/env/fc'
import { Refusal } from '../../shared/errors'
import { defineRules } from '../../shared/rules/rules'
import { ENVIRONMENT } from './support/settings-example'

const CONTEXT = {
  requestId: 'context-1',
  credentials: { accessKeyId: 'STS.id', accessKeySecret: 'secret-key', securityToken: 'token' },
}
const rules = defineRules({ a: { key: 'a/{sub}/{uuid}', upload: { contentTypes: ['image/png'] } } })

/** A function that listens, what it logs, and how often its settings were loaded. */
function listening(listen: Listener) {
  const lines: string[] = []
  let loads = 0
  const load = (): EnvSource => {
    loads++
    return loadEnv(rules, 'upload-event', {
      environment: ENVIRONMENT,
      write: (line) => lines.push(line),
    })
  }
  return { ...toFcListener(listen, load), lines, loads: () => loads }
}

async function failureOf(error: unknown) {
  const { handler, lines } = listening(async () => {
    throw error
  })
  const failure: unknown = await handler(Buffer.from('{}'), CONTEXT).catch((thrown) => thrown)
  return { failure, lines: lines.map((line) => JSON.parse(line)) }
}

describe('a function behind a trigger', () => {
  it('hears the event, the outside world and the request, and answers nothing', async () => {
    const heard: unknown[] = []
    const { handler, lines } = listening(async (event, env, requestId) => {
      heard.push(event, env.credentials, requestId)
    })
    const event = { events: [{ eventName: 'ObjectCreated:PutObject' }] }
    expect(await handler(Buffer.from(JSON.stringify(event)), CONTEXT)).toBe('')
    expect(heard).toEqual([event, CONTEXT.credentials, 'context-1'])
    expect(lines).toEqual([])
  })

  it.each(['hello', '', 'null', '[]', '7'])('hears no event in %j', async (text) => {
    const heard: unknown[] = []
    const { handler } = listening(async (event) => {
      heard.push(event)
    })
    await handler(Buffer.from(text), CONTEXT)
    expect(heard).toEqual([undefined])
  })

  it('rejects with the reason of a refusal alone, which the trigger shows, and logs its cause', async () => {
    const refusal = new Refusal('event_owed', {}, { cause: new Error('the webhook is down') })
    const { failure, lines } = await failureOf(refusal)
    expect(failure).toBeInstanceOf(Error)
    expect(String(failure)).toBe('Error: event_owed')
    expect(failure).not.toHaveProperty('cause')
    expect(lines).toEqual([
      {
        level: 'error',
        event: 'failed',
        requestId: 'context-1',
        reason: 'event_owed',
        cause: expect.stringContaining('Error: the webhook is down'),
      },
    ])
  })

  it('rejects with "unexpected" for a bug, and logs its stack', async () => {
    const { failure, lines } = await failureOf(new TypeError('the bug'))
    expect(String(failure)).toBe('Error: unexpected')
    expect(lines).toMatchObject([
      { reason: 'unexpected', cause: expect.stringMatching(/^TypeError: the bug\n\s+at /) },
    ])
  })

  it('logs what was thrown where it is no error', async () => {
    const { failure, lines } = await failureOf('a text')
    expect(String(failure)).toBe('Error: unexpected')
    expect(lines).toMatchObject([{ reason: 'unexpected', cause: 'a text' }])
  })
})

describe('its settings', () => {
  it('are loaded once, by the initializer or by the first event', async () => {
    const first = listening(async () => undefined)
    first.initializer()
    await first.handler(Buffer.from('{}'), CONTEXT)
    await first.handler(Buffer.from('{}'), CONTEXT)
    const second = listening(async () => undefined)
    await second.handler(Buffer.from('{}'), CONTEXT)
    second.initializer()
    expect([first.loads(), second.loads()]).toEqual([1, 1])
  })

  it('make the initializer throw when they are wrong', () => {
    const { initializer } = toFcListener(
      async () => undefined,
      () => loadEnv(rules, 'upload-event', { environment: {}, write: () => undefined }),
    )
    expect(() => initializer()).toThrow('OSS_BUCKET: is missing')
  })
})
