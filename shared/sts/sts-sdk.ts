import { $OpenApiUtil } from '@alicloud/openapi-core'
import Client, { AssumeRoleRequest } from '@alicloud/sts20150401'
import { RuntimeOptions } from '@darabonba/typescript'

const TIMEOUT_MS = 3000

export type AssumeRoleInput = {
  endpoint: string
  accessKeyId: string
  accessKeySecret: string
  securityToken?: string
  roleArn: string
  roleSessionName: string
  /** None where the function's role has no right to set it. */
  sourceIdentity?: string
  policy: string
  durationSeconds: number
}

export type AssumedRole = {
  accessKeyId: string
  accessKeySecret: string
  securityToken: string
  /** `YYYY-MM-DDTHH:mm:ssZ`. */
  expiration: string
}

/** Calls STS AssumeRole (2015-04-01) with the official SDK; rejects with the SDK's own errors. */
export async function assumeRole(input: AssumeRoleInput): Promise<AssumedRole> {
  const { protocol, host } = new URL(input.endpoint)
  const config = new $OpenApiUtil.Config({
    accessKeyId: input.accessKeyId,
    accessKeySecret: input.accessKeySecret,
    ...(input.securityToken && { securityToken: input.securityToken }),
    endpoint: host,
    protocol: protocol.slice(0, -1),
    // The smaller of the two acts as the inactivity limit, so both are set.
    connectTimeout: TIMEOUT_MS,
    readTimeout: TIMEOUT_MS,
  })
  const request = new AssumeRoleRequest({
    roleArn: input.roleArn,
    roleSessionName: input.roleSessionName,
    ...(input.sourceIdentity !== undefined && { sourceIdentity: input.sourceIdentity }),
    policy: input.policy,
    durationSeconds: input.durationSeconds,
  })
  const { body } = await new Client(config).assumeRoleWithOptions(request, new RuntimeOptions({}))
  const { accessKeyId, accessKeySecret, securityToken, expiration } = body?.credentials ?? {}
  if (!accessKeyId || !accessKeySecret || !securityToken || !expiration) {
    throw new Error('STS answered without credentials')
  }
  return { accessKeyId, accessKeySecret, securityToken, expiration }
}
