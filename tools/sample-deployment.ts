/** Values for the variables without a default, so that the manifest resolves without a deployer. */
export const SAMPLE = {
  OSS_BUCKET: 'sample-bucket',
  DOMAIN: 'upload.example.com',
  CERTIFICATE_ID: '1234567',
  AUTH_ISSUER: 'https://login.example.com',
  AUTH_AUDIENCE: 'oss-direct',
  AUTH_JWKS_URL: 'https://login.example.com/jwks.json',
  TICKET_SECRETS: '0123456789abcdef0123456789abcdef',
  STS_ROLE_ARN: 'acs:ram::1234567890123456:role/oss-direct-delegate',
  ROLE_STS: 'acs:ram::1234567890123456:role/oss-direct-sts',
  ROLE_SIGNED_URL: 'acs:ram::1234567890123456:role/oss-direct-signed-url',
  ROLE_POST_POLICY: 'acs:ram::1234567890123456:role/oss-direct-post-policy',
  ROLE_UPLOAD_CALLBACK: 'acs:ram::1234567890123456:role/oss-direct-upload-callback',
  ROLE_WEB_SERVER: 'acs:ram::1234567890123456:role/oss-direct-web-server',
  ROLE_UPLOAD_EVENT: 'acs:ram::1234567890123456:role/oss-direct-upload-event',
  ROLE_UPLOAD_SWEEP: 'acs:ram::1234567890123456:role/oss-direct-upload-sweep',
  ACCOUNT_ID: '1234567890123456',
}
