import Credential, { Config } from '@alicloud/credentials'
import type { Credentials } from '../shared/signing/v4'

/** Where a process finds the credentials of its role. */
export type RoleSource =
  | {
      type: 'oidc_role_arn'
      roleArn: string
      oidcProviderArn: string
      oidcTokenFilePath: string
    }
  | { type: 'ecs_ram_role'; roleName: string }
  | { type: 'credentials_uri'; credentialsURI: string }

// Together less than a client waits for an answer.
const CONNECT_TIMEOUT_MS = 2000
const READ_TIMEOUT_MS = 3000

/**
 * Creates a client of the official SDK, which keeps the credentials of a role and replaces them 15 minutes before they
 * expire. `stsEndpoint` is a host, for the roles that STS issues credentials of.
 */
export function openRole(source: RoleSource, stsEndpoint: string): () => Promise<Credentials> {
  const limits = { timeout: READ_TIMEOUT_MS, connectTimeout: CONNECT_TIMEOUT_MS, stsEndpoint }
  const client = new Credential(new Config({ ...source, ...limits }))
  return async () => {
    const { accessKeyId, accessKeySecret, securityToken } = await client.getCredential()
    if (accessKeyId && accessKeySecret && securityToken) {
      return { accessKeyId, accessKeySecret, securityToken }
    }
    throw new Error('The role has no credentials')
  }
}
