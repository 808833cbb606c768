import { toUploadEvent, type UploadEvent } from '../../shared/events/event'
import type { Entry } from '../../shared/events/ledger'
import type { Upload } from '../../shared/rules/upload'

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
