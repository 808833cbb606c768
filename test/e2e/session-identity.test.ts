import { openSession } from '../../local/ram/session'
import type { LocalCloud } from '../../local/start'
import { ask, type StsAnswer, token } from './support/client'
import { openCloud } from './support/cloud'

const WISH = { rule: 'media', access: 'read' }

async function open(settings: Record<string, string> = {}): Promise<LocalCloud> {
  return openCloud({ settings })
}

/** What STS recorded of the session that a caller was lent. */
async function sessionOf(cloud: LocalCloud, sub: string) {
  const caller = await token(cloud.info, sub, { plan: 'pro' })
  const { status, body } = await ask<StsAnswer>(cloud.info, '/sts', WISH, caller)
  expect(status).toBe(200)
  return openSession(cloud.account, body.credentials.securityToken)
}

describe('the audit log of a session', () => {
  it('names its caller, for good', async () => {
    const cloud = await open()
    try {
      const sub = 'auth0|a-subject-that-is-longer-than-the-name-of-a-session'
      expect(await sessionOf(cloud, sub)).toMatchObject({
        sessionName: expect.stringMatching(/^auth0-a-subject-[0-9a-f]{16}$/),
        sourceIdentity: expect.stringMatching(/^auth0-a-subject-that-is-longer--[0-9a-f]{32}$/),
      })
      expect(await sessionOf(cloud, 'alice')).toMatchObject({ sourceIdentity: 'alice' })
    } finally {
      await cloud.close()
    }
  }, 60_000)

  it('has the name of the session alone where the role may set no more', async () => {
    const cloud = await open({ STS_SOURCE_IDENTITY: 'off' })
    try {
      const session = await sessionOf(cloud, 'alice')
      expect(session).toMatchObject({ sessionName: 'alice' })
      expect(session).not.toHaveProperty('sourceIdentity')
    } finally {
      await cloud.close()
    }
  }, 60_000)
})
