/** Why OSS or STS refuses, and what to do about it, by EC or by code. */
export type Cause = { what: string; fix: string }

const SIGNATURE = {
  what: 'The signature is not that of the request that arrived',
  fix: 'send exactly the method, URL and headers that were signed, and sign with the secret of this key',
}
const CLOCK = {
  what: 'The time of the signature is more than 15 minutes away',
  fix: 'set the clock of the machine that signs, by NTP',
}
const EXPIRED = {
  what: 'The signed URL or form is older than its lifetime',
  fix: "ask for a new one just before it is used, or raise the rule's ttlSeconds",
}
const TOKEN_MISSING = {
  what: 'An STS key id came without its token',
  fix: 'send x-oss-security-token (V1: security-token) with what the key signs',
}

/** The causes of the errors that are met most, by EC (OSS error reference). */
export const BY_EC: Readonly<Record<string, Cause>> = {
  '0002-00000040': SIGNATURE,
  '0002-00000201': SIGNATURE,
  '0002-00000705': {
    what: 'The signature of the form is not that of its policy',
    fix: 'send the fields as they were signed; the policy is base64 that nothing may change',
  },
  '0002-00000504': CLOCK,
  '0002-00000235': CLOCK,
  '0002-00000069': EXPIRED,
  '0002-00000236': EXPIRED,
  '0002-00000003': TOKEN_MISSING,
  '0002-00000002': {
    what: 'A token came with a key that is none of STS',
    fix: 'leave the token out, or sign with the key id that STS gave with it',
  },
  '0002-00000004': {
    what: 'Key id and token are of two different STS answers',
    fix: 'take id, secret and token from one answer, and replace all three together',
  },
  '0002-00000006': { what: 'The STS token is damaged', fix: 'send it whole and percent-encoded' },
  '0002-00000007': {
    what: 'The STS token has expired',
    fix: 'get new credentials before their expiration (refreshAfter)',
  },
  '0002-00000010': {
    what: 'The token is in the header and in the URL',
    fix: 'keep it where the signature is, and nowhere else',
  },
  '0002-00000039': {
    what: 'The request is signed in its URL and has an Authorization header, too',
    fix: 'remove the Authorization header: a signed URL needs none',
  },
  '0002-00000080': {
    what: 'This bucket or account takes no signature of version 1 any more',
    fix: 'set SIGNATURE_VERSION=v4, and authorizationV4: true in ali-oss',
  },
  '0002-00000226': {
    what: "The region in the signature is not the bucket's",
    fix: "set OSS_REGION to the bucket's region, such as cn-hangzhou",
  },
  '0002-00000228': {
    what: "The region in the signature is not the bucket's",
    fix: "set OSS_REGION to the bucket's region, such as cn-hangzhou",
  },
  '0002-00000715': {
    what: "The region in the form's credential is not the bucket's",
    fix: "set OSS_REGION to the bucket's region, such as cn-hangzhou",
  },
  '0002-00000232': {
    what: 'A signed URL lives 1 to 604800 seconds',
    fix: 'give x-oss-expires in seconds from x-oss-date, not as a time',
  },
  '0002-00000902': {
    what: 'There is no such AccessKey id',
    fix: 'check the id; one that begins with STS. needs its token, too',
  },
  '0002-00000903': { what: 'The AccessKey is disabled', fix: 'enable it in RAM, or use another' },
  '0003-00000001': {
    what: 'Neither a policy nor an ACL allows this request',
    fix: 'give the signing role the right: oss-direct roles prints what each needs',
  },
  '0003-00000201': {
    what: "The bucket's own policy denies this request",
    fix: 'look for a Deny in the bucket policy that matches (source address, VPC, TLS)',
  },
  '0003-00000301': {
    what: "The session policy of the STS credentials doesn't allow this request",
    fix: "stay in the prefix and the access that the caller was granted; send the rule's ACL where it has one",
  },
  '0003-00001201': {
    what: 'The request is not signed at all',
    fix: 'sign it: the Authorization header or the parameters of the URL were lost',
  },
  '0003-00001403': {
    what: 'The bucket is in another region than this endpoint',
    fix: 'use the endpoint that the error names, and set OSS_REGION',
  },
  '0006-00000003': {
    what: "The file is larger than the form's policy allows",
    fix: 'send a smaller file, or raise maxBytes of the rule',
  },
  '0006-00000004': {
    what: "The file is smaller than the form's policy allows",
    fix: 'send the whole file, or lower minBytes of the rule',
  },
  '0006-00000104': {
    what: 'The form is not whole, or has fields after the file',
    fix: 'send the file as the last field, and let the browser set the Content-Type with its boundary',
  },
  '0006-00000213': {
    what: 'The form is older than its policy allows',
    fix: 'ask for a new form just before it is sent',
  },
  '0006-00000226': {
    what: 'The policy has a condition on a field that the form lacks',
    fix: 'send every field of the answer, before the file',
  },
  '0006-00000227': {
    what: 'A field is not as the policy has it',
    fix: 'send the fields unchanged; the message names the condition',
  },
  '0007-00000202': {
    what: 'The file is stored, but the callback took longer than 5 seconds',
    fix: 'look at the log of upload-callback; give it minimum instances against cold starts',
  },
  '0007-00000203': {
    what: 'The file is stored, but the callback answered with an error',
    fix: 'the status is in the message; upload-callback logs why it proves nothing',
  },
  '0007-00000205': {
    what: 'The file is stored, but the answer of the callback is not JSON',
    fix: 'make CALLBACK_URL the function upload-callback itself, with nothing in front that answers HTML',
  },
  '0007-00000004': {
    what: 'The callback URL is not one that OSS calls',
    fix: 'set CALLBACK_URL to a public https URL of the custom domain',
  },
  '0015-00000101': { what: 'There is no such bucket', fix: 'check OSS_BUCKET and the endpoint' },
  '0016-00000901': {
    what: 'Block Public Access refuses a public ACL',
    fix: 'remove acl from the rule, or turn Block Public Access off for this bucket',
  },
  '0026-00000001': {
    what: 'There is no such object',
    fix: 'check the key: it is case-sensitive and has no leading slash',
  },
  '0048-00000401': {
    what: 'This account may not use the public endpoint for objects (mainland China since March 2025)',
    fix: 'bind a domain to the bucket: OSS_ENDPOINT=https://<domain> OSS_ADDRESSING=cname, and OSS_INTERNAL_ENDPOINT=internal',
  },
}

/** The causes of the errors that are met most, by code, where there is no EC or none that is known. */
export const BY_CODE: Readonly<Record<string, Cause>> = {
  AccessDenied: {
    what: 'The signer has no right to this, or the signature is missing or too old',
    fix: 'the message says which; give the role what oss-direct roles prints',
  },
  AccessForbidden: {
    what: "The bucket's CORS rules don't allow this page, method or header",
    fix: 'add the origin of the page: oss-direct roles --aliyun, oss-direct doctor',
  },
  SignatureDoesNotMatch: SIGNATURE,
  InvalidAccessKeyId: {
    what: 'The AccessKey id is unknown, disabled, or one of STS without its token',
    fix: 'check id and token',
  },
  SecurityTokenExpired: {
    what: 'The STS token has expired',
    fix: 'get new credentials before their expiration',
  },
  InvalidSecurityToken: {
    what: 'The STS token is damaged',
    fix: 'send it whole and percent-encoded',
  },
  RequestTimeTooSkewed: CLOCK,
  CallbackFailed: {
    what: 'The file is stored, but its callback failed, so that it is not proven yet',
    fix: 'do not upload again at once: the trigger reports the file; look at the log of upload-callback',
  },
  FileAlreadyExists: {
    what: 'There is an object of this key, and the rule forbids overwriting',
    fix: 'ask for a new key, or set overwrite: true in the rule',
  },
  EntityTooLarge: {
    what: 'The file is larger than allowed',
    fix: 'send a smaller file, or raise maxBytes of the rule',
  },
  EntityTooSmall: {
    what: 'The file or a part is smaller than allowed',
    fix: 'all parts but the last need 100 KB',
  },
  InvalidPolicyDocument: {
    what: 'The policy of the form is no valid JSON in base64',
    fix: 'send it as it was answered',
  },
  MalformedPOSTRequest: {
    what: 'The form is not whole, or has fields after the file',
    fix: 'send the file as the last field',
  },
  NoSuchKey: { what: 'There is no such object', fix: 'check the key: it is case-sensitive' },
  NoSuchBucket: { what: 'There is no such bucket', fix: 'check OSS_BUCKET and the endpoint' },
  NoSuchUpload: {
    what: 'The upload in parts was completed, aborted or removed by a lifecycle rule',
    fix: 'start a new upload; keep parts for 2 days or more',
  },
  InvalidPart: {
    what: 'A part is missing, or its ETag is another',
    fix: 'list the parts, and send the missing ones again',
  },
  InvalidDigest: {
    what: 'The bytes are not those of the declared MD5',
    fix: 'send the file again; compute the MD5 of what is sent',
  },
  PublicEndpointForbidden: {
    what: 'This account may not use the public endpoint for objects (mainland China since March 2025)',
    fix: 'bind a domain to the bucket: OSS_ENDPOINT=https://<domain> OSS_ADDRESSING=cname',
  },
  NoPermission: {
    what: 'RAM allows this caller no AssumeRole, or the role does not trust it',
    fix: 'the role of sts needs sts:AssumeRole and sts:SetSourceIdentity, and the delegate role must trust it: oss-direct roles',
  },
  'EntityNotExist.Role': {
    what: 'There is no such role',
    fix: 'check STS_ROLE_ARN; names of roles are lower case in ARNs',
  },
  'InvalidParameter.PolicySize': {
    what: 'The session policy is longer than 2048 bytes',
    fix: 'shorten key and bucket names of the rule',
  },
  'InvalidParameter.PolicyGrammar': {
    what: 'The session policy is no valid policy',
    fix: 'report it: the functions make none',
  },
  'InvalidParameter.DurationSeconds': {
    what: "The session is shorter than 15 minutes or longer than the role's maximum",
    fix: 'ask for 900 to 3600 seconds, or raise the maximum session duration of the role',
  },
  'InvalidAccessKeyId.NotFound': {
    what: 'There is no such AccessKey id',
    fix: 'check the id and, for STS, its token',
  },
  MissingSecurityToken: TOKEN_MISSING,
  'Throttling.Api': {
    what: 'STS takes 100 calls a second for an account',
    fix: 'cache sessions, or use signed URLs and forms',
  },
}
