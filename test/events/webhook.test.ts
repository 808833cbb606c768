import { Webhook, WebhookVerificationError } from 'standardwebhooks'
import { createBudget } from '../../shared/budget'
import { isWebhookSecret, webhookTarget } from '../../shared/events/webhook'
import type { OutgoingRequest } from '../../shared/http/message'
import { EVENT } from '../callback/support/example'

const OLD = `whsec_${Buffer.alloc(24, 1).toString('base64')}`
const NEW = `whsec_${Buffer.alloc(64, 2).toString('base64')}`

// The official verifier has no clock to set, so these are of this moment.
const now = Math.floor(Date.now() / 1000)

async function deliver(secrets: readonly string[], status = 200): Promise<OutgoingRequest> {
  const sent: OutgoingRequest[] = []
  const budget = createBudget(4000, () => 0)
  const target = webhookTarget({ url: 'https://app.example.com/hook', secrets })
  await target.deliver(EVENT, {
    ...{ now, budget, timeoutMs: 100 },
    send: async (request) => {
      sent.push(request)
      return { status, headers: {}, body: Buffer.alloc(0) }
    },
  })
  return sent[0] as OutgoingRequest
}

it('signs what the official verifier accepts, with every secret', async () => {
  const { body, headers = {} } = await deliver([NEW, OLD])
  for (const secret of [OLD, NEW]) {
    expect(new Webhook(secret).verify(String(body), headers)).toEqual(EVENT)
  }
  expect(headers).toMatchObject({
    'content-type': 'application/cloudevents+json',
    'webhook-id': EVENT.id,
  })
})

it('signs nothing that another secret, body, id or time could have', async () => {
  const { body, headers = {} } = await deliver([OLD])
  const verify = (secret: string, text: string, change: Record<string, string> = {}) =>
    new Webhook(secret).verify(text, { ...headers, ...change })
  expect(() => verify(NEW, String(body))).toThrow(WebhookVerificationError)
  expect(() => verify(OLD, `${body} `)).toThrow(WebhookVerificationError)
  expect(() => verify(OLD, String(body), { 'webhook-id': 'x' })).toThrow(WebhookVerificationError)
  expect(() => verify(OLD, String(body), { 'webhook-timestamp': String(now - 1) })).toThrow(
    WebhookVerificationError,
  )
})

it('waits no longer than it may, and reads at most 64 KB of answer', async () => {
  expect(await deliver([OLD])).toMatchObject({ timeoutMs: 100, maxBytes: 65_536 })
})

it('goes by its name in the log', () => {
  const { name } = webhookTarget({ url: 'https://app.example.com/hook', secrets: [OLD] })
  expect(name).toBe('webhook')
})

it.each([199, 300, 302, 400, 410, 500])('takes the answer %i for a failure', async (status) => {
  await expect(deliver([OLD], status)).rejects.toThrow(`The webhook returned status ${status}`)
})

it.each([200, 202, 204, 299])('takes the answer %i for a delivery', async (status) => {
  const { method, url } = await deliver([OLD], status)
  expect([method, url]).toEqual(['POST', 'https://app.example.com/hook'])
})

it('takes secrets of 24 to 64 bytes and nothing else', () => {
  const secret = (bytes: number) => `whsec_${Buffer.alloc(bytes).toString('base64')}`
  const accepted = [23, 24, 25, 26, 27, 62, 63, 64, 65].filter((bytes) =>
    isWebhookSecret(secret(bytes)),
  )
  expect(accepted).toEqual([24, 25, 26, 27, 62, 63, 64])
  const others = [
    '',
    'whsec_',
    'abc',
    OLD.slice(6),
    OLD.toUpperCase(),
    `${OLD}\n`,
    `${OLD}=`,
    `x${OLD}`,
  ]
  expect(others.filter(isWebhookSecret)).toEqual([])
})
