import type { ErrorKind } from './oss-error'

const DENIED = 'AccessDenied'
const ARGUMENT = 'InvalidArgument'
const KEY_ID = 'InvalidAccessKeyId'
const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your key and signing method.'
const EXPIRED = 'Request has expired.'
const TERMINATOR = 'Invalid credential: it must end with aliyun_v4_request.'
const INVALID = 'Authorization header is invalid'
const MISSING = 'AccessKeyId or Signature is missing in Authorization header'

/** Errors of signatures in the header and the URL (OSS error reference, EC 0002-…). */
export const AUTH = {
  twoTokens: [
    400,
    'InvalidRequest',
    'Security-token must not be provided by both the header and the query string parameter.',
    '0002-00000010',
  ],
  twoSignatures: [
    400,
    ARGUMENT,
    'Only one auth mechanism allowed; only the query parameter, or the Authorization header should be specified.',
    '0002-00000039',
  ],
  emptyAuthorization: [400, ARGUMENT, 'Authorization header value is empty'],
  schemeUnknown: [400, ARGUMENT, INVALID, '0002-00000061'],
  headerColonV1: [400, ARGUMENT, MISSING, '0002-00000062'],
  headerKeyIdEmptyV1: [400, ARGUMENT, MISSING, '0002-00000063'],
  headerSignatureEmptyV1: [400, ARGUMENT, MISSING, '0002-00000065'],
  headerPairsV4: [400, ARGUMENT, INVALID, '0002-00000202'],
  headerEqualSignV4: [400, ARGUMENT, INVALID, '0002-00000203'],
  headerKeyUnknownV4: [400, ARGUMENT, INVALID, '0002-00000204'],
  headerCredentialMissingV4: [400, ARGUMENT, INVALID, '0002-00000205'],
  headerSignatureMissingV4: [400, ARGUMENT, INVALID, '0002-00000207'],
  headerSignatureEmptyV4: [400, ARGUMENT, INVALID, '0002-00000208'],
  dateInvalid: [403, DENIED, 'OSS authentication requires a valid Date.', '0002-00000502'],
  dateMissing: [403, DENIED, 'OSS authentication requires a valid Date.', '0002-00000503'],
  skewed: [
    403,
    'RequestTimeTooSkewed',
    'The difference between the request time and the current time is too large.',
    '0002-00000504',
  ],
  mismatchV1: [403, 'SignatureDoesNotMatch', MISMATCH, '0002-00000040'],
  v1Refused: [
    403,
    DENIED,
    'Signature version 1 is not accepted any more; use version 4.',
    '0002-00000080',
  ],
  versionUnknown: [400, ARGUMENT, 'Invalid x-oss-signature-version.', '0002-00000066'],
  urlIncompleteV1: [
    403,
    DENIED,
    'Query-string authentication requires the Signature, Expires and OSSAccessKeyId parameters',
    '0002-00000067',
  ],
  urlExpiresBlank: [
    403,
    DENIED,
    'Query-string authentication requires the Signature, Expires and OSSAccessKeyId parameters',
    '0002-00000068',
  ],
  urlExpiredV1: [403, DENIED, EXPIRED, '0002-00000069'],
  urlExpiresNotInteger: [
    403,
    DENIED,
    'Invalid date (should be seconds since epoch).',
    '0002-00000070',
  ],
  urlKeyIdInvalidV1: [
    403,
    KEY_ID,
    'The OSS Access Key Id you provided contains non-acceptable characters.',
    '0002-00000073',
  ],
  urlTokenInHeader: [
    400,
    'InvalidRequest',
    'Security-token must be provided by query string parameter.',
  ],
  keyIdUnknown: [
    403,
    KEY_ID,
    'The OSS Access Key Id you provided does not exist in our records.',
    '0002-00000902',
  ],
  keyIdCharacters: [
    403,
    KEY_ID,
    'The OSS Access Key Id you provided contains non-acceptable characters.',
    '0002-00000901',
  ],
  keyIdDisabled: [403, KEY_ID, 'The OSS Access Key Id you provided is disabled.', '0002-00000903'],
  tokenUnexpected: [
    403,
    KEY_ID,
    'The OSS Access Key Id you provided does not exist in our records.',
    '0002-00000002',
  ],
  tokenMissing: [
    403,
    KEY_ID,
    'The OSS Access Key Id you provided does not exist in our records.',
    '0002-00000003',
  ],
  tokenMismatch: [
    403,
    'AccessKeyIdAndSecurityTokenNotMatch',
    'The OSS access key id and security token you provided does not match.',
    '0002-00000004',
  ],
  tokenInvalid: [
    403,
    'InvalidSecurityToken',
    'The security token you provided is invalid.',
    '0002-00000006',
  ],
  tokenExpired: [
    403,
    'SecurityTokenExpired',
    'The security token you provided has expired.',
    '0002-00000007',
  ],
  mismatchV4: [403, 'SignatureDoesNotMatch', MISMATCH, '0002-00000201'],
  headerKeyIdV4: [400, ARGUMENT, 'Invalid AccessKeyId in Authorization header.', '0002-00000206'],
  additionalEmpty: [
    400,
    ARGUMENT,
    'AdditionalHeaders in Authorization header is empty.',
    '0002-00000209',
  ],
  additionalItemEmpty: [
    400,
    ARGUMENT,
    'AdditionalHeaders in Authorization header has an empty item.',
    '0002-00000210',
  ],
  additionalAbsent: [
    400,
    ARGUMENT,
    'A header named in AdditionalHeaders is not in the request.',
    '0002-00000211',
  ],
  headerDayV4: [400, ARGUMENT, 'Invalid signing date in Authorization header.', '0002-00000212'],
  headerTerminatorV4: [400, ARGUMENT, TERMINATOR, '0002-00000213'],
  contentSha256: [400, ARGUMENT, 'x-oss-content-sha256 must be UNSIGNED-PAYLOAD.', '0002-00000214'],
  urlExpiresMissing: [
    403,
    DENIED,
    'Query-string authentication requires x-oss-expires.',
    '0002-00000215',
  ],
  urlExpiresEmpty: [
    403,
    DENIED,
    'Query-string authentication requires x-oss-expires.',
    '0002-00000216',
  ],
  urlCredentialMissing: [
    403,
    DENIED,
    'Query-string authentication requires x-oss-credential.',
    '0002-00000217',
  ],
  urlCredentialEmpty: [
    403,
    DENIED,
    'Query-string authentication requires x-oss-credential.',
    '0002-00000218',
  ],
  urlSignatureMissing: [
    403,
    DENIED,
    'Query-string authentication requires x-oss-signature.',
    '0002-00000219',
  ],
  urlSignatureEmpty: [
    403,
    DENIED,
    'Query-string authentication requires x-oss-signature.',
    '0002-00000220',
  ],
  urlKeyIdV4: [400, ARGUMENT, 'Invalid AccessKeyId in x-oss-credential.', '0002-00000222'],
  urlDayV4: [400, ARGUMENT, 'Invalid signing date in x-oss-credential.', '0002-00000223'],
  urlTerminatorV4: [400, ARGUMENT, TERMINATOR, '0002-00000224'],
  urlDateV4: [403, DENIED, 'Query-string authentication requires a valid x-oss-date.'],
  headerRegionV4: [
    400,
    ARGUMENT,
    'Invalid signing region in Authorization header.',
    '0002-00000226',
  ],
  productV4: [400, ARGUMENT, 'Invalid signing product in credential.', '0002-00000227'],
  urlRegionV4: [400, ARGUMENT, 'Invalid signing region in x-oss-credential.', '0002-00000228'],
  urlExpiresRange: [
    400,
    ARGUMENT,
    'x-oss-expires should be an integer between 1 and 604800.',
    '0002-00000232',
  ],
  urlTooEarly: [403, DENIED, 'Request is not valid yet.', '0002-00000235'],
  urlExpiredV4: [403, DENIED, EXPIRED, '0002-00000236'],
} as const satisfies Record<string, ErrorKind>
