import type { Ticket } from '../../shared/auth/ticket'
import { toUpload, uploadEvent, uploadId } from '../../shared/callback/event'
import type { Callback } from '../../shared/callback/upload'

const callback: Callback = {
  bucket: 'demo-bkt',
  object: 'avatars/alice/1.png',
  etag: 'E',
  size: 5,
  mimeType: 'image/png',
  imageWidth: 20,
  imageHeight: '10',
  imageFormat: 'png',
  ticket: 't',
}

const ticket: Ticket = {
  id: 'id-1',
  use: 'form',
  rule: 'avatar',
  sub: 'alice',
  bucket: 'demo-bkt',
  key: 'avatars/alice/1.png',
  minBytes: 0,
  maxBytes: 5,
  contentTypes: ['image/png'],
  expiresAt: 1_700_000_600,
}

const stored = {
  size: 5,
  etag: 'E',
  contentType: 'image/png',
  lastModified: 1_700_000_000,
  metadata: { colour: 'blue' },
}

const upload = toUpload(callback, ticket, stored)

describe('an upload event', () => {
  it('is a CloudEvents 1.0 envelope around the upload', () => {
    expect(uploadEvent(upload)).toEqual({
      specversion: '1.0',
      id: expect.stringMatching(/^[0-9a-f]{64}$/),
      type: 'oss-direct.upload.completed',
      source: 'acs:oss:demo-bkt',
      subject: 'avatars/alice/1.png',
      time: '2023-11-14T22:13:20Z',
      datacontenttype: 'application/json',
      data: {
        rule: 'avatar',
        sub: 'alice',
        bucket: 'demo-bkt',
        key: 'avatars/alice/1.png',
        size: 5,
        etag: 'E',
        contentType: 'image/png',
        image: { width: 20, height: 10, format: 'png' },
        metadata: { colour: 'blue' },
        mechanism: 'form',
        proof: 'callback',
        uploadedAt: '2023-11-14T22:13:20Z',
      },
    })
  })

  it.each([null, undefined, 0, -1, 'abc', ''])('has no image for the width %j', (imageWidth) => {
    const changed = { ...callback, imageWidth } as Callback
    expect(toUpload(changed, ticket, stored)).not.toHaveProperty('image')
  })

  it('has the same id whether the callback or the trigger told of the upload', () => {
    const { mechanism: _, ...unknown } = upload
    expect(uploadEvent({ ...unknown, proof: 'trigger' }).id).toBe(uploadEvent(upload).id)
  })

  it.each(['bucket', 'key', 'etag', 'uploadedAt'])('has another id for another %s', (name) => {
    expect(uploadId({ ...upload, [name]: 'other' })).not.toBe(uploadId(upload))
  })

  it('never runs two parts of an id into each other', () => {
    const left = uploadId({ ...upload, bucket: 'a', key: 'b/c' })
    expect(uploadId({ ...upload, bucket: 'a","b', key: '/c' })).not.toBe(left)
  })
})
