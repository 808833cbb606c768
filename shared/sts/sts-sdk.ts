import { $OpenApiUtil } from '@alicloud/openapi-core'
import Client, { AssumeRoleRequest } from '@alicloud/sts20150401'
import { RuntimeOptions } from '@darabonba/typescript'

const TIMEOUT_MS = 3000

/** The parameters of AssumeRole and the credentials that sign it (STS: AssumeRole). */
export type AssumeRoleInput = {
  endpoint: string
  accessKeyId: string
  accessKeySecret: string
  securityToken?: string
  roleArn: string
  roleSessionName: string
  /** Absent if the function's role has no right to set it. */
  sourceIdentity?: string
  policy: string
  durationSeconds: number
}

/** The temporary credentials that STS returns (STS: AssumeRole). */
export type AssumedRole = {
  accessKeyId: string
  accessKeySecret: string
  securityToken: string
  /** `YYYY-MM-DDTHH:mm:ssZ`. */
  expiration: string
}

/** Calls AssumeRole with the official SDK; rejects with the errors of the SDK (STS 2015-04-01: AssumeRole). */
export async function assumeRole(input: AssumeRoleInput): Promise<AssumedRole> {
  const { protocol, host } = new URL(input.endpoint)
  const config = new $OpenApiUtil.Config({
    accessKeyId: input.accessKeyId,
    accessKeySecret: input.accessKeySecret,
    ...(input.securityToken && { securityToken: input.securityToken }),
    endpoint: host,
    protocol: protocol.slice(0, -1),
    // The smaller one is the inactivity timeout, so both are set.
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
    throw new Error('The response of STS contains no credentials')
  }
  return { accessKeyId, accessKeySecret, securityToken, expiration }
}
