import type { ErrorKind } from './oss-error'

const ARGUMENT = 'InvalidArgument'
const REQUEST = 'InvalidRequest'
const NO_UPLOAD =
  'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.'

/** Errors of bucket and object operations. */
export const OBJECT = {
  badRequest: [400, 'BadRequest', 'The request is not well-formed HTTP.'],
  badUri: [400, 'InvalidURI', "Couldn't parse the specified URI."],
  bucketName: [400, 'InvalidBucketName', 'The specified bucket is not valid.'],
  objectName: [400, 'InvalidObjectName', 'The specified object is not valid.', '0016-00000005'],
  objectNameEmpty: [400, 'InvalidObjectName', 'The Object name can not be empty', '0016-00000001'],
  objectNameLength: [
    400,
    'InvalidObjectName',
    'The Length of Object name must be less than 1024.',
    '0016-00000002',
  ],
  argument: [400, ARGUMENT, 'Invalid Argument.'],
  overwriteFlag: [400, ARGUMENT, 'Invalid Argument.', '0017-00000279'],
  storageClassEmpty: [400, ARGUMENT, 'Invalid Argument.', '0017-00000131'],
  trafficLimit: [
    400,
    ARGUMENT,
    'x-oss-traffic-limit is invalid, should be specified between 819200(100KB/s) and 838860800(100MB/s).',
    '0004-00000502',
  ],
  twoTrafficLimits: [
    400,
    ARGUMENT,
    'x-oss-traffic-limit should be specified either in query string or header, not both.',
    '0004-00000501',
  ],
  encryptionMisplaced: [400, ARGUMENT, 'Invalid Argument.', '0005-00000002'],
  encryptionUnknown: [
    400,
    'InvalidEncryptionAlgorithmError',
    'The Encryption request you specified is not valid. Supported value: AES256/SM4/KMS.',
    '0005-00000003',
  ],
  dataEncryptionUnknown: [
    400,
    'InvalidDataEncryptionAlgorithmError',
    'The KMS Data Encryption request you specified is not valid. Supported value:SM4',
  ],
  encryptionKeyEmpty: [
    400,
    'InvalidParameter',
    'The specified parameter KMS keyId is not valid.',
    '0005-00000205',
  ],
  positionMissing: [400, 'MissingArgument', 'Missing Some Required Arguments.', '0016-00000501'],
  missingArgument: [400, 'MissingArgument', 'Missing Some Required Arguments.', '0016-00000502'],
  partNumber: [400, ARGUMENT, 'PartNumber must be an integer between 1 and 10000, inclusive.'],
  metadataTooLarge: [400, ARGUMENT, 'The total size of user metadata must be at most 8 KB.'],
  overridesType: [
    400,
    'InvalidRequest',
    'Can not override response header on content-type',
    '0017-00000902',
  ],
  overridesAnonymous: [
    400,
    REQUEST,
    'Request specific response headers cannot be used for anonymous GET requests.',
  ],
  completeAllWithBody: [
    400,
    ARGUMENT,
    'x-oss-complete-all and a request body cannot be used together.',
    '0042-00000216',
  ],
  entityTooLarge: [
    400,
    'EntityTooLarge',
    'Your proposed upload exceeds the maximum allowed size.',
    '0006-00000003',
  ],
  partTooSmall: [
    400,
    'EntityTooSmall',
    'Your proposed upload smaller than the minimum allowed size.',
  ],
  invalidDigest: [400, 'InvalidDigest', 'The Content-MD5 you specified was invalid.'],
  invalidPart: [
    400,
    'InvalidPart',
    "One or more of the specified parts could not be found or the specified entity tag does not match the part's entity tag.",
  ],
  invalidPartOrder: [
    400,
    'InvalidPartOrder',
    'The list of parts was not in ascending order. Parts list must specified in order by part number.',
  ],
  malformedXml: [
    400,
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema.',
  ],
  malformedPartList: [
    400,
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema.',
    '0042-00000205',
  ],
  malformedDelete: [
    400,
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema.',
    '0016-00000608',
  ],
  notModified: [304, 'NotModified', 'Not Modified'],
  requestTimeout: [
    400,
    'RequestTimeout',
    'Your socket connection to the server was not read from or written to within the timeout period.',
  ],
  noSuchBucket: [404, 'NoSuchBucket', 'The specified bucket does not exist.', '0015-00000101'],
  noSuchKey: [404, 'NoSuchKey', 'The specified key does not exist.', '0026-00000001'],
  noSuchUpload: [404, 'NoSuchUpload', NO_UPLOAD],
  noSuchUploadOfPart: [404, 'NoSuchUpload', NO_UPLOAD, '0042-00000104'],
  noSuchUploadToAbort: [404, 'NoSuchUpload', NO_UPLOAD, '0042-00000002'],
  noSuchLifecycle: [404, 'NoSuchLifecycle', 'No Row found in Lifecycle Table.'],
  noSuchCors: [404, 'NoSuchCORSConfiguration', 'The CORS Configuration does not exist.'],
  methodNotAllowed: [
    405,
    'MethodNotAllowed',
    'The specified method is not allowed against this resource.',
    '0017-00000001',
  ],
  fileAlreadyExists: [
    409,
    'FileAlreadyExists',
    'The object you specified already exists and can not be overwritten.',
  ],
  bucketNotEmpty: [
    409,
    'BucketNotEmpty',
    'The bucket has objects. Please delete them first.',
    '0015-00000301',
  ],
  position: [
    409,
    'PositionNotEqualToLength',
    'Position is not equal to file length',
    '0026-00000016',
  ],
  notAppendable: [409, 'ObjectNotAppendable', 'The object is not appendable', '0026-00000017'],
  missingContentLength: [
    411,
    'MissingContentLength',
    'You must provide the Content-Length HTTP header.',
  ],
  precondition: [412, 'PreconditionFailed', 'Precondition Failed'],
  invalidRange: [416, 'InvalidRange', 'The requested range cannot be satisfied.'],
  unavailable: [503, 'ServiceUnavailable', 'Please reduce your request rate.'],
  internal: [
    500,
    'InternalError',
    'Please contact the server administrator, oss@service.aliyun.com.',
  ],
  notImplemented: [
    501,
    'NotImplemented',
    'A header you provided implies functionality that is not implemented.',
  ],
} as const satisfies Record<string, ErrorKind>
