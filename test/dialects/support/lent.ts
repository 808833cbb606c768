/** What STS answers. */
export const CREDENTIALS = {
  accessKeyId: 'STS.id',
  accessKeySecret: 'secret',
  securityToken: 'token',
  expiration: '2023-11-14T23:13:20Z',
}

export const TARGET = {
  bucket: 'demo-bkt',
  region: 'cn-hangzhou',
  endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
  addressing: 'virtual-hosted' as const,
}

/** The headers and the callback of an upload. */
export const UPLOAD = {
  headers: { 'x-oss-object-acl': 'private' },
  callback: {
    callbackUrl: 'https://api.example.com/upload-callback',
    callbackBody: '{}',
    callbackBodyType: 'application/json' as const,
    callbackSNI: true as const,
    callbackVar: { 'x:ticket': 'a.b.c' },
  },
}
