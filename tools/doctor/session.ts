import OSS from 'ali-oss'
import { MAX_POLICY_SIZE } from '../../shared/rules/session-policy'
import { type AssumedRole, assumeRole } from '../../shared/sts/sts-sdk'
import type { ClientOptions } from '../doctor'
import type { Finding } from '../findings'

/** What a session is opened with. */
export type SessionOptions = ClientOptions & { roleArn: string; stsEndpoint: string }

// Nobody writes it, and the session may not read it.
const FORBIDDEN = '.oss-direct/doctor-forbidden'
const ALLOWED = '.oss-direct/doctor/'
const SUBJECT = 'sessions'

/** Opens a session of the delegate role with the longest policy, and says whether it is as narrow as its policy. */
export async function examineSession(options: SessionOptions): Promise<Finding[]> {
  const { ALIBABA_CLOUD_ACCESS_KEY_ID = '', ALIBABA_CLOUD_ACCESS_KEY_SECRET = '' } = process.env
  const { ALIBABA_CLOUD_SECURITY_TOKEN: securityToken } = process.env
  try {
    const session = await assumeRole({
      ...{ endpoint: options.stsEndpoint, roleArn: options.roleArn },
      accessKeyId: ALIBABA_CLOUD_ACCESS_KEY_ID,
      accessKeySecret: ALIBABA_CLOUD_ACCESS_KEY_SECRET,
      ...(securityToken && { securityToken }),
      ...{ roleSessionName: 'doctor', durationSeconds: 900, policy: longestPolicy(options.bucket) },
    })
    return [
      {
        state: 'ok',
        subject: SUBJECT,
        what: `of ${options.roleArn} take a policy of ${MAX_POLICY_SIZE} bytes`,
      },
      await examineReach(session, options),
    ]
  } catch (error) {
    return [explainFailure(error as { code?: string; message?: string })]
  }
}

/** A policy of the maximum size, which lets the session read one folder. */
function longestPolicy(bucket: string): string {
  const toText = (pad: string) =>
    JSON.stringify({
      Version: '1',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['oss:GetObject'],
          Resource: [`acs:oss:*:*:${bucket}/${ALLOWED}*`, `acs:oss:*:*:${bucket}/${ALLOWED}${pad}`],
        },
      ],
    })
  return toText('x'.repeat(MAX_POLICY_SIZE - toText('').length))
}

async function examineReach(
  session: AssumedRole,
  { bucket, region, endpoint }: SessionOptions,
): Promise<Finding> {
  const client = new OSS({
    ...{ bucket, region: `oss-${region}`, authorizationV4: true },
    ...{ accessKeyId: session.accessKeyId, accessKeySecret: session.accessKeySecret },
    stsToken: session.securityToken,
    ...(endpoint ? { endpoint, sldEnable: true } : { secure: true }),
  } as OSS.Options)
  const { code } = await client.get(FORBIDDEN).then(
    () => ({ code: 'none' }),
    (error: { code?: string }) => error,
  )
  const subject = 'narrowing'
  if (code === 'AccessDenied')
    return { state: 'ok', subject, what: 'a session is denied what its policy does not name' }
  if (code === 'NoSuchKey' || code === 'none') {
    const why = "a caller's credentials could read every object that the role can"
    return {
      state: 'wrong',
      subject,
      what: 'a session may read outside its policy',
      why,
      fix: 'make the bucket private, and look for a bucket policy that allows everyone',
    }
  }
  return {
    state: 'unknown',
    subject,
    what: `OSS answers ${code ?? 'nothing'}`,
    fix: `oss-direct explain ${code ?? ''}`.trim(),
  }
}

function explainFailure({ code = '', message = '' }: { code?: string; message?: string }): Finding {
  const subject = SUBJECT
  if (code.startsWith('NoPermission')) {
    return {
      state: 'wrong',
      subject,
      what: 'may not be opened with this key',
      why: 'the role does not trust it, or it lacks sts:AssumeRole; root may never',
      fix: 'run this as a user that the delegate role trusts, or look at oss-direct roles',
    }
  }
  if (code.startsWith('EntityNotExist')) {
    return {
      state: 'wrong',
      subject,
      what: 'have no role: it does not exist',
      why: 'POST /sts fails for everyone',
      fix: 'check STS_ROLE_ARN: oss-direct roles --aliyun makes the role',
    }
  }
  if (/ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|timeout/i.test(`${code} ${message}`)) {
    return {
      state: 'unknown',
      subject,
      what: 'cannot be tried: STS cannot be reached',
      fix: 'check the network and STS_ENDPOINT',
    }
  }
  return {
    state: 'unknown',
    subject,
    what: `cannot be tried: STS answers ${code || 'an error'}`,
    fix: `oss-direct explain ${code}`.trim(),
  }
}
