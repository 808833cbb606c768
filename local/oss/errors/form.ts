import type { ErrorKind } from './oss-error'

const DENIED = 'AccessDenied'
const ARGUMENT = 'InvalidArgument'
const POLICY = 'InvalidPolicyDocument'
const MALFORMED = 'The body of your POST request is not well-formed multipart/form-data.'
const RANGE = 'Invalid Policy: content-length-range must have two whole numbers, min <= max.'
const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your key and signing method.'

/** Errors of PostObject: form, policy and form signature (EC 0006-… and 0002-000007…). */
export const FORM = {
  notMultipart: [
    400,
    'RequestIsNotMultiPartContent',
    'Bucket POST must be of the enclosure-type multipart/form-data.',
  ],
  malformed: [400, 'MalformedPOSTRequest', MALFORMED, '0006-00000104'],
  partHead: [400, 'MalformedPOSTRequest', MALFORMED, '0006-00000109'],
  fileCount: [
    400,
    'IncorrectNumberOfFilesInPOSTRequest',
    'POST requires exactly one file upload per request.',
  ],
  keyMissing: [
    400,
    ARGUMENT,
    "The bucket POST must contain the specified 'key'. If it is specified, please check the order of the fields",
  ],
  nameTooLong: [400, 'FieldItemTooLong', 'Your name of form field is too long.', '0006-00000110'],
  valueTooLong: [400, 'FieldItemTooLong', 'Your value of form field is too long.'],
  fieldsTooLong: [
    400,
    'MaxPOSTPreDataLengthExceededError',
    'Your POST request fields preceding the upload file were too large.',
    '0006-00000112',
  ],
  bodyTooLarge: [400, ARGUMENT, 'Post body size must be less than 5G.'],
  entityTooLarge: [
    400,
    'EntityTooLarge',
    'Your proposed upload exceeds the maximum allowed size.',
    '0006-00000003',
  ],
  entityTooSmall: [
    400,
    'EntityTooSmall',
    'Your proposed upload smaller than the minimum allowed size.',
    '0006-00000004',
  ],
  keyIdEmpty: [400, ARGUMENT, 'Post request accessKeyId is empty.'],
  signatureEmpty: [400, ARGUMENT, 'Post request signature is empty.'],
  policyEmpty: [400, ARGUMENT, 'Post request policy is empty.'],
  mismatchV1: [403, 'SignatureDoesNotMatch', MISMATCH],
  versionV4: [400, ARGUMENT, 'The x-oss-signature-version is invalid.', '0002-00000701'],
  policyMissingV4: [400, ARGUMENT, 'Post request policy is empty.', '0002-00000702'],
  signatureMissingV4: [400, ARGUMENT, 'Post request signature is empty.', '0002-00000703'],
  signatureBlankV4: [400, ARGUMENT, 'Post request signature is empty.', '0002-00000704'],
  mismatchV4: [403, 'SignatureDoesNotMatch', MISMATCH, '0002-00000705'],
  dayV4: [400, ARGUMENT, 'The signing date in credential is invalid.', '0002-00000709'],
  credentialV4: [400, ARGUMENT, 'The x-oss-credential is invalid.', '0002-00000710'],
  regionV4: [400, ARGUMENT, 'The signing region in credential is invalid.', '0002-00000715'],
  dateV4: [400, ARGUMENT, 'The x-oss-date is invalid.'],
  tooEarly: [
    403,
    'RequestTimeTooSkewed',
    'The difference between the request time and the current time is too large.',
  ],
  policyExpired: [403, DENIED, 'Invalid according to Policy: Policy expired.', '0006-00000213'],
  fieldAbsent: [
    403,
    DENIED,
    'Invalid according to Policy: Policy Condition failed: ',
    '0006-00000226',
  ],
  conditionFailed: [
    403,
    DENIED,
    'Invalid according to Policy: Policy Condition failed: ',
    '0006-00000227',
  ],
  policyBase64: [400, POLICY, 'Invalid Policy: Invalid Base64 encoding.', '0006-00000201'],
  policyJson: [400, POLICY, 'Invalid Policy: Invalid JSON: ', '0006-00000201'],
  policyNotObject: [
    400,
    POLICY,
    'Invalid Policy: the document must be an object.',
    '0006-00000201',
  ],
  noConditions: [400, POLICY, 'Invalid Policy: conditions is missing.', '0006-00000207'],
  noExpiration: [400, POLICY, 'Invalid Policy: expiration is missing.', '0006-00000208'],
  neither: [400, POLICY, 'Invalid Policy: expiration and conditions are missing.', '0006-00000209'],
  expirationType: [400, POLICY, 'Invalid Policy: expiration must be a string.', '0006-00000210'],
  expirationEmpty: [400, POLICY, 'Invalid Policy: expiration is empty.', '0006-00000211'],
  expirationFormat: [
    400,
    POLICY,
    'Invalid Policy: expiration is not ISO 8601 GMT.',
    '0006-00000201',
  ],
  conditionsType: [400, POLICY, 'Invalid Policy: conditions must be a list.', '0006-00000224'],
  conditionsEmpty: [400, POLICY, 'Invalid Policy: conditions is empty.', '0006-00000215'],
  modeMissing: [400, POLICY, 'Invalid Policy: a condition lacks its match mode.', '0006-00000216'],
  simpleCondition: [
    400,
    POLICY,
    'Invalid Policy: Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.',
  ],
  extraArguments: [
    400,
    POLICY,
    'Invalid Policy: a condition has extra arguments.',
    '0006-00000218',
  ],
  rangeOrder: [400, POLICY, RANGE, '0006-00000219'],
  rangeMin: [400, POLICY, RANGE, '0006-00000220'],
  rangeMax: [400, POLICY, RANGE, '0006-00000221'],
  rangeType: [400, POLICY, RANGE, '0006-00000223'],
  argumentType: [400, POLICY, 'Invalid Policy: a condition has a wrong argument.', '0006-00000224'],
} as const satisfies Record<string, ErrorKind>
