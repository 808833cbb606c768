import type { Caller } from '../../../shared/auth/caller'
import { defineRules, KiB } from '../../../shared/rules/rules'
import type { UrlContext } from '../../../shared/urls/context'

export const NOW = 1_700_000_000
export const ALICE: Caller = { sub: 'alice', claims: {} }
export const KEYS = {
  secrets: ['the first secret of 32 bytes and more', 'an older secret of 32 bytes and more'],
  audience: 'https://app.example.com/upload-callback',
}

const rules = defineRules({
  notes: {
    key: 'notes/{sub}/{path}',
    upload: {
      contentTypes: ['text/plain'],
      maxBytes: 100,
      ttlSeconds: 600,
      cacheControl: 'no-cache',
    },
    download: { ttlSeconds: 300, styles: ['thumb'] },
  },
  pages: { key: 'pages/{sub}/{path}', upload: { contentTypes: ['text/html'] }, download: {} },
  windows: {
    key: 'windows/{sub}/{path}',
    upload: { contentTypes: ['text/plain'] },
    download: { as: 'inline' },
  },
  folders: {
    key: 'folders/{sub}/{path}',
    upload: {},
    list: { ttlSeconds: 60 },
    remove: { ttlSeconds: 60 },
  },
  readable: { key: 'readable/{sub}/{path}', download: {} },
  elsewhere: {
    bucket: 'other-bkt',
    key: 'elsewhere/{sub}/{path}',
    upload: { overwrite: true, maxBytes: 1024 ** 4 },
    download: {},
    list: {},
  },
  named: {
    allow: (_, request) => 'filename' in request && request.filename === 'a.mp4',
    key: 'named/{sub}/{uuid}.{ext}',
    upload: { multipart: { partBytes: 100 * KiB } },
  },
  clips: {
    key: 'clips/{sub}/{path}',
    upload: { ttlSeconds: 600, contentTypes: ['video/mp4'], multipart: { partBytes: 100 * KiB } },
  },
})

/** What the URLs of these tests are signed with. */
export const CONTEXT: UrlContext = {
  rules,
  bucket: 'demo-bkt',
  now: NOW,
  uuid: () => '0b7c1c7e-3d0e-4c57-9a30-5b8a8f0f3a11',
  sourceIp: '203.0.113.7',
  target: {
    bucket: 'demo-bkt',
    region: 'cn-hangzhou',
    endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
    addressing: 'virtual-hosted',
  },
  credentials: { accessKeyId: 'STS.a', accessKeySecret: 's', securityToken: 't' },
  callbackUrl: KEYS.audience,
  ticketKeys: KEYS,
  signatureVersion: 'v4',
}
