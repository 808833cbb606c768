import { parseSettings } from '../../shared/env/settings'
import { ENVIRONMENT, issuesOf } from '../env/support/settings-example'

describe('where upload events go', () => {
  const secret = `whsec_${Buffer.alloc(24).toString('base64')}`
  const url = 'https://app.example.com/hook'

  it('is nowhere by default, and uploads are confirmed and kept in OSS', () => {
    const settings = parseSettings(ENVIRONMENT)
    expect([settings.confirmUploads, settings.ledger]).toEqual([true, 'oss'])
    expect(settings).not.toHaveProperty('eventFunction')
    expect(settings).not.toHaveProperty('eventWebhook')
  })

  it('is a function and a webhook where they are set', () => {
    const { eventFunction, eventEndpoint, eventWebhook } = parseSettings({
      ...ENVIRONMENT,
      ...{ EVENT_FUNCTION: 'consumer', EVENT_ENDPOINT: 'https://fc.example.com' },
      ...{ EVENT_WEBHOOK_URL: url, EVENT_WEBHOOK_SECRETS: `${secret}, ${secret}` },
    })
    expect([eventFunction, eventEndpoint]).toEqual(['consumer', 'https://fc.example.com'])
    expect(eventWebhook).toEqual({ url, secrets: [secret, secret] })
  })

  it.each<[string, Record<string, string>, string]>([
    [
      'a function’s name',
      { EVENT_FUNCTION: 'a/b' },
      '  EVENT_FUNCTION: must be the name of a function',
    ],
    [
      'a webhook without secrets',
      { EVENT_WEBHOOK_URL: url },
      '  EVENT_WEBHOOK_URL, EVENT_WEBHOOK_SECRETS: set both or none',
    ],
    [
      'a secret that is too short',
      { EVENT_WEBHOOK_URL: url, EVENT_WEBHOOK_SECRETS: 'whsec_AAAA' },
      '  EVENT_WEBHOOK_SECRETS: each secret must be whsec_ followed by 24 to 64 bytes in base64',
    ],
  ])('is refused with %s', (_, change, issue) => {
    expect(issuesOf(change)).toEqual([issue])
  })

  it('is never a webhook without TLS, except on this machine', () => {
    const change = { EVENT_WEBHOOK_URL: 'http://app.example.com/', EVENT_WEBHOOK_SECRETS: secret }
    expect(issuesOf(change)).toEqual([
      '  EVENT_WEBHOOK_URL: must be an https URL without user, query or fragment (http on loopback)',
    ])
    expect(issuesOf({ ...change, EVENT_WEBHOOK_URL: 'http://localhost:1/' })).toEqual([])
  })
})
