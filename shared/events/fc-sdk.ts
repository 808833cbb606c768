import FC from '@alicloud/fc2'
import type { Credentials } from '../signing/v4'

// The SDK is older than Function Compute 3.0, whose functions have no service: version and path
// are set here; the signature is the same (Function Compute 3.0: InvokeFunction).
const VERSION = '2023-03-30'

/** Queues one asynchronous invocation with the official SDK; rejects with the errors of the SDK (InvokeFunction). */
export async function invokeAsync(
  consumer: Consumer,
  payload: string,
  timeoutMs: number,
): Promise<void> {
  const { name, accountId, region, endpoint, credentials } = consumer
  const { accessKeyId, accessKeySecret, securityToken } = credentials
  const client = new FC(accountId, {
    accessKeyID: accessKeyId,
    accessKeySecret,
    ...(securityToken && { securityToken }),
    region,
    endpoint,
    timeout: timeoutMs,
  })
  client.version = VERSION
  const path = `/functions/${encodeURIComponent(name)}/invocations`
  await client.post(path, payload, { 'x-fc-invocation-type': 'Async' })
}

/** A function of the same account that receives upload events; `endpoint` is the origin of Function Compute. */
export type Consumer = {
  name: string
  accountId: string
  region: string
  endpoint: string
  credentials: Credentials
}
