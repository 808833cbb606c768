import { createHmac } from 'node:crypto'
import { DeliveryError, type Target } from './deliver'

/** The URL of a webhook and the secrets that sign it, all of them while they are rotated. */
export type Webhook = { url: string; secrets: readonly string[] }

const PREFIX = 'whsec_'
const MAX_ANSWER_BYTES = 65_536

/** Creates the target that posts events to a URL, signed by Standard Webhooks 1.0. */
export function webhookTarget({ url, secrets }: Webhook): Target {
  return {
    name: 'webhook',
    deliver: async (event, { now, send, timeoutMs }) => {
      const body = JSON.stringify(event)
      const headers = {
        'content-type': 'application/cloudevents+json',
        'webhook-id': event.id,
        'webhook-timestamp': String(now),
        'webhook-signature': secrets
          .map((secret) => signWebhook(secret, `${event.id}.${now}.${body}`))
          .join(' '),
      }
      const limits = { timeoutMs, maxBytes: MAX_ANSWER_BYTES }
      const { status } = await send({ method: 'POST', url, headers, body, ...limits })
      if (status < 200 || status > 299)
        throw new DeliveryError(`The webhook returned status ${status}`)
    },
  }
}

/** Returns true for `whsec_` followed by 24 to 64 bytes in base64 (Standard Webhooks 1.0, secrets). */
export function isWebhookSecret(secret: string): boolean {
  if (!/^whsec_(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(secret)) {
    return false
  }
  const { length } = keyOf(secret)
  return length >= 24 && length <= 64
}

function signWebhook(secret: string, text: string): string {
  return `v1,${createHmac('sha256', keyOf(secret)).update(text).digest('base64')}`
}

function keyOf(secret: string): Buffer {
  return Buffer.from(secret.slice(PREFIX.length), 'base64')
}
