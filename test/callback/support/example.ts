import { toUploadEvent, type UploadEvent } from '../../../shared/events/event'
import type { Entry } from '../../../shared/events/ledger'
import type { Upload } from '../../../shared/rules/upload'

/** A proven upload; each test changes one thing. */
export const UPLOAD: Upload = {
  rule: 'avatar',
  sub: 'alice',
  bucket: 'demo-bkt',
  key: 'avatars/alice/1.png',
  size: 5,
  etag: 'E',
  contentType: 'image/png',
  metadata: {},
  mechanism: 'form',
  proof: 'callback',
  uploadedAt: '2023-11-14T22:13:20Z',
}

export const EVENT: UploadEvent = toUploadEvent(UPLOAD)

/** What the ledger keeps of it. */
export function entryOf(answer: string): Entry {
  return { answer, event: EVENT }
}

/** The members of a callback's body; each test changes one thing. */
export const BODY = {
  bucket: 'demo-bkt',
  object: 'avatars/alice/1.png',
  etag: '5D41402ABC4B2A76B9719D911017C592',
  size: 5,
  mimeType: 'image/png',
  crc64: '11177612005948864433',
  contentMd5: 'XUFAKrxLKna5cZ2REBfFkg==',
  operation: 'PutObject',
  reqId: '655F0B0C3D8E7B3335A5A5A5',
  imageHeight: 10,
  imageWidth: 20,
  imageFormat: 'png',
  ticket: 'a.b.c',
}
