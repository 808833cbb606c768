/** An error of STS (STS: AssumeRole, error codes). */
export class StsError extends Error {
  readonly code: string
  readonly status: number

  constructor(code: StsCode, message?: string) {
    super(message ?? CODES[code].message)
    this.name = 'StsError'
    this.code = code
    this.status = CODES[code].status
  }
}

const MALFORMED_TOKEN = 'Specified SecurityToken is malformed.'

const CODES = {
  'InvalidParameter.RoleArn': wrong('RoleArn'),
  'InvalidParameter.RoleSessionName': wrong('RoleSessionName'),
  'InvalidParameter.ExternalId': wrong('ExternalId'),
  'InvalidParameter.SourceIdentity': wrong('SourceIdentity'),
  'InvalidParameter.DurationSeconds': refusal(400, 'The parameter DurationSeconds is wrong.'),
  'InvalidParameter.PolicyGrammar': refusal(
    400,
    'The parameter Policy has not passed grammar check.',
  ),
  'InvalidParameter.PolicySize': refusal(
    400,
    'The size of the specified policy must be smaller than 2048 bytes.',
  ),
  'InvalidParameter.ContentType': refusal(400, 'The content type of the request is not supported.'),
  MissingParameter: refusal(400, 'A parameter is missing.'),
  NoPermission: refusal(
    403,
    'You are not authorized to do this action. You should be authorized by RAM.',
  ),
  'EntityNotExist.Role': refusal(404, 'The role does not exist.'),
  'EntityNotExist.Policy': refusal(404, 'The policy does not exist.'),
  FunctionNotFound: refusal(404, 'The function does not exist.'),
  'InvalidAccessKeyId.NotFound': refusal(404, 'Specified access key is not found.'),
  'InvalidAccessKeyId.Inactive': refusal(400, 'Specified access key is disabled.'),
  MissingSecurityToken: refusal(400, 'SecurityToken is mandatory for this action.'),
  'InvalidSecurityToken.Malformed': refusal(400, MALFORMED_TOKEN),
  'InvalidSecurityToken.MismatchWithAccessKey': refusal(
    400,
    'Specified SecurityToken mismatch with the AccessKey.',
  ),
  'InvalidSecurityToken.Expired': refusal(400, 'Specified SecurityToken is expired.'),
  IncompleteSignature: refusal(400, 'The request signature does not conform to Aliyun standards.'),
  SignatureDoesNotMatch: refusal(400, 'Specified signature is not matched with our calculation.'),
  SignatureNonceUsed: refusal(400, 'Specified signature nonce was used already.'),
  'InvalidTimeStamp.Format': refusal(
    400,
    'Specified time stamp or date value is not well formatted.',
  ),
  'InvalidTimeStamp.Expired': refusal(400, 'Specified time stamp or date value is expired.'),
  NoSuchVersion: refusal(400, 'Specified version does not exist.'),
  'InvalidAction.NotFound': refusal(
    404,
    'Specified api is not found, please check your url and method.',
  ),
  UnsupportedHTTPMethod: refusal(405, 'This http method is not supported.'),
  RequestEntityTooLarge: refusal(413, 'The request body is too large.'),
  NotImplemented: refusal(501, 'The local STS does not implement this action.'),
  InternalError: refusal(500, 'The request processing has failed due to some unknown error.'),
} satisfies Record<string, { status: number; message: string }>

export type StsCode = keyof typeof CODES

function refusal(status: number, message: string) {
  return { status, message }
}

function wrong(parameter: string) {
  return refusal(400, `The parameter ${parameter} is wrongly formed.`)
}
