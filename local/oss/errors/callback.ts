import type { ErrorKind } from './oss-error'

const ARGUMENT = 'InvalidArgument'
const FAILED = 'CallbackFailed'

/**
 * Errors of the callback parameter, before anything is stored, and of failed callbacks, afterwards
 * (203).
 */
export const CALLBACK = {
  notBase64: [400, ARGUMENT, 'The callback configuration is not base64 encoded.', '0007-00000002'],
  notJson: [400, ARGUMENT, 'The callback configuration is not json format.'],
  url: [400, ARGUMENT, 'The callback url configuration is invalid.', '0007-00000004'],
  urlCount: [400, ARGUMENT, 'The number of callback url exceed max value.', '0007-00000005'],
  hostType: [400, ARGUMENT, 'The callback host configuration is invalid.', '0007-00000009'],
  bodyEmpty: [400, ARGUMENT, 'The callback body is empty.', '0007-00000011'],
  bodyType: [400, ARGUMENT, 'The callback body type configuration is invalid.', '0007-00000012'],
  bodyNotJson: [400, ARGUMENT, 'The callback body is not json format.'],
  bodyVariable: [400, ARGUMENT, 'The callback body configuration is invalid.'],
  sni: [400, ARGUMENT, 'The callback sni configuration is invalid.'],
  tooLong: [400, ARGUMENT, 'The length of callback exceed max value.'],
  varTooLong: [400, ARGUMENT, 'The length of callback exceed max value.', '0007-00000101'],
  varNotJson: [400, ARGUMENT, 'The callback var is not expecten json.'],
  additionalHeaders: [
    400,
    ARGUMENT,
    'The callback additional headers configuration is invalid.',
    '0007-00000026',
  ],
  both: [
    400,
    ARGUMENT,
    'Either the callback query string parameter or the x-oss-callback header should be specified, not both.',
    '0007-00000027',
  ],
  bothVariables: [
    400,
    ARGUMENT,
    'Either the callback-var query string parameter or the x-oss-callback-var header should be specified, not both.',
  ],
  version: [400, ARGUMENT, 'callback signature version is invalid'],
  policyUnsupported: [501, 'NotImplemented', 'callbackPolicy is not implemented.'],
  tooSlow: [203, FAILED, 'Cost too long time.', '0007-00000202'],
  status: [203, FAILED, 'Error status : ', '0007-00000203'],
  answerNotJson: [203, FAILED, 'Response body is not valid json format.', '0007-00000205'],
  connect: [
    203,
    FAILED,
    'Error status : -1.OSS can not connect to your callbackUrl, please check it.',
  ],
  noLength: [203, FAILED, 'Error status : 400.User server missing content-length.'],
  lengthTooLong: [
    203,
    FAILED,
    'Error status : 400.User server return too long content-length value',
  ],
  lengthInvalid: [
    203,
    FAILED,
    'Error status : 400.User server return invalid conent-length value.',
  ],
} as const satisfies Record<string, ErrorKind>
