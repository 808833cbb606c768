import type { ErrorKind } from './oss-error'

const DENIED = 'AccessDenied'

/** Errors of access control (OSS error reference, EC 0003-…). */
export const ACCESS = {
  anonymousBucket: [403, DENIED, 'Anonymous user has no right to access this bucket.'],
  anonymousObject: [403, DENIED, 'Anonymous user has no right to access this object.'],
  anonymousForbidden: [
    403,
    DENIED,
    'Anonymous access is forbidden for this operation.',
    '0003-00001201',
  ],
  acl: [
    403,
    DENIED,
    'You have no right to access this object because of bucket acl.',
    '0003-00000001',
  ],
  deniedByPolicy: [403, DENIED, 'Access denied by bucket policy.', '0003-00000201'],
  session: [403, DENIED, "Access denied by authorizer's policy.", '0003-00000301'],
  kms: [403, DENIED, 'This request is forbidden by kms'],
  publicObjectAcl: [403, DENIED, 'Put public object acl is not allowed', '0016-00000901'],
  publicBucketAcl: [403, DENIED, 'Put public bucket acl is not allowed', '0016-00000901'],
  endpoint: [
    403,
    DENIED,
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
    '0003-00001403',
  ],
  publicEndpoint: [
    400,
    'PublicEndpointForbidden',
    'Not allowed using the OSS public endpoint, please use CNAME instead.',
    '0048-00000401',
  ],
  cors: [
    403,
    'AccessForbidden',
    "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Requet-Headers are not whitelisted by the resource's CORS spec.",
  ],
  corsOrigin: [400, 'BadRequest', 'Insufficient information. Origin request header needed.'],
  corsMethod: [
    400,
    'BadRequest',
    'Insufficient information. Access-Control-Request-Method request header needed.',
  ],
} as const satisfies Record<string, ErrorKind>
