import { parseSettings } from '../../../shared/env/settings'

/** A complete environment; each test changes one thing. */
export const ENVIRONMENT: Readonly<Record<string, string>> = {
  OSS_BUCKET: 'demo-bucket',
  OSS_REGION: 'cn-hangzhou',
  AUTH_ISSUER: 'https://login.example.com',
  AUTH_AUDIENCE: 'oss-direct',
  AUTH_SECRET: 'a secret of at least thirty-two bytes',
  TICKET_SECRETS: 'a ticket secret of thirty-two bytes.',
  CALLBACK_URL: 'https://upload.example.com/upload-callback',
  STS_ROLE_ARN: 'acs:ram::1234567890123456:role/oss-direct-delegate',
}

/** The issues of these settings with some changed, as the error at load lists them. */
export function issuesOf(change: Record<string, string | undefined>): string[] {
  try {
    parseSettings({ ...ENVIRONMENT, ...change })
    return []
  } catch (error) {
    return (error as Error).message.split('\n').slice(1)
  }
}
