// Covers the entries that shared/env/fc.ts makes, as runtimes call them.
import { type EnvSource, loadEnv } from '../../shared/env/env'
import { toFc, toFcListener } from '../../shared/env/fc'
import { json } from '../../shared/http/answer'
import { defineRules } from '../../shared/rules/rules'
import { ENVIRONMENT } from './support/settings-example'

const CONTEXT = {
  requestId: 'context-1',
  credentials: { accessKeyId: 'STS.id', accessKeySecret: 'secret-key', securityToken: 'token' },
}
const EVENT = Buffer.from(
  JSON.stringify({ version: 'v1', rawPath: '/', requestContext: { http: { method: 'POST' } } }),
)
const rules = defineRules({ a: { key: 'a/{sub}/{uuid}', upload: { contentTypes: ['image/png'] } } })

/** The entries of a function of each kind, with these settings, and how often they were loaded. */
function entriesOf(kind: 'http' | 'trigger', environment: Record<string, string>) {
  let loads = 0
  const load = (): EnvSource => {
    loads++
    return loadEnv(rules, 'sts', { environment, write: () => undefined })
  }
  const entries = {
    http: () => toFc(async () => json({}), load),
    trigger: () => toFcListener(async () => undefined, load),
  }
  return { ...entries[kind](), loads: () => loads }
}

describe.each(['http', 'trigger'] as const)('the initializer of a function by %s', (kind) => {
  it('is done at once, without a promise that a runtime could forget', () => {
    const { initializer, loads } = entriesOf(kind, ENVIRONMENT)
    expect([initializer(CONTEXT), loads()]).toEqual([undefined, 1])
  })

  it('calls back where the runtime waits for that', () => {
    const calls: unknown[][] = []
    entriesOf(kind, ENVIRONMENT).initializer(CONTEXT, (...all) => calls.push(all))
    expect(calls).toEqual([[null, '']])
  })

  it('calls back with what is wrong, once', () => {
    const calls: unknown[] = []
    entriesOf(kind, {}).initializer(CONTEXT, (...all) => calls.push(...all))
    expect(calls.map(String).join()).toMatch(/^Error: .*\n {2}OSS_BUCKET: is missing/)
    expect(calls).toHaveLength(1)
  })

  it('may be left out: the handler loads the settings, once', async () => {
    const { handler, loads } = entriesOf(kind, ENVIRONMENT)
    await handler(EVENT, CONTEXT)
    await handler(EVENT, CONTEXT)
    expect(loads()).toBe(1)
  })

  it('may fail unseen: the handler fails with the same', async () => {
    const { initializer, handler } = entriesOf(kind, {})
    initializer(CONTEXT, () => undefined)
    await expect(handler(EVENT, CONTEXT)).rejects.toThrow('OSS_BUCKET: is missing')
  })
})
