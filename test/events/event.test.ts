// Covers shared/callback/upload.ts and shared/rules/upload.ts too.
import { readFileSync } from 'node:fs'
import { CloudEvent } from 'cloudevents'
import * as v from 'valibot'
import type { Callback } from '../../shared/callback/body'
import { toTriggerUpload, toUpload } from '../../shared/callback/upload'
import { toUploadEvent, uploadEventSchema, uploadId } from '../../shared/events/event'
import type { Ticket } from '../../shared/policy/ticket'
import type { Upload } from '../../shared/rules/upload'
import { toJsonSchema } from '../../tools/json-schema'
import { BODY } from '../callback/support/example'

const callback: Callback = {
  ...BODY,
  etag: 'E',
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
  issuedAt: 1_700_000_000,
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
    expect(toUploadEvent(upload)).toEqual({
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

  const NO_PIXELS = [
    null,
    undefined,
    0,
    -1,
    1_000_000,
    'abc',
    '',
    '0',
    '1e3',
    '0x9',
    ' 9',
    'Infinity',
  ]
  it.each(NO_PIXELS)('has no image for the width or height %j', (pixels) => {
    for (const change of [{ imageWidth: pixels }, { imageHeight: pixels }]) {
      const changed = { ...callback, ...change } as Callback
      expect(toUpload(changed, ticket, stored)).not.toHaveProperty('image')
    }
  })

  it.each(['<img src=x>', 'a b', 'a'.repeat(17)])('has no image for the format %j', (format) => {
    const changed = { ...callback, imageFormat: format }
    expect(toUpload(changed, ticket, stored)).not.toHaveProperty('image')
  })

  it.each([null, undefined, ''])('has an image without a format for %j', (imageFormat) => {
    const { image } = toUpload({ ...callback, imageFormat } as Callback, ticket, stored)
    expect(image).toEqual({ width: 20, height: 10 })
  })

  it('takes an image of up to 999,999 pixels a side, and a format of 16 characters', () => {
    const [imageWidth, imageHeight, imageFormat] = [999_999, '1', 'a'.repeat(16)]
    const { image } = toUpload(
      { ...callback, imageWidth, imageHeight, imageFormat },
      ticket,
      stored,
    )
    expect(image).toEqual({ width: 999_999, height: 1, format: imageFormat })
  })

  it('has the same id by callback and trigger', () => {
    const { mechanism: _, ...unknown } = upload
    expect(toUploadEvent({ ...unknown, proof: 'trigger' }).id).toBe(toUploadEvent(upload).id)
  })

  it.each<[string, unknown]>([
    ['bucket', 'other'],
    ['key', 'other'],
    ['size', 6],
    ['etag', 'other'],
    ['contentType', 'other'],
    ['uploadedAt', 'other'],
    ['metadata', { colour: 'red' }],
    ['metadata', {}],
  ])('has another id for another %s, %j', (name, value) => {
    expect(uploadId({ ...upload, [name]: value })).not.toBe(uploadId(upload))
  })

  it('has the same id in whatever order the metadata come', () => {
    const [left, right] = [
      { a: '1', b: '2' },
      { b: '2', a: '1' },
    ]
    const idOf = (metadata: Upload['metadata']) => uploadId({ ...upload, metadata })
    expect(idOf(left)).toBe(idOf(right))
  })

  it('never runs two parts of an id into each other', () => {
    const left = uploadId({ ...upload, bucket: 'a', key: 'b/c' })
    expect(uploadId({ ...upload, bucket: 'a","b', key: '/c' })).not.toBe(left)
  })

  it('says what the trigger knows, under the same id as the callback', () => {
    const place = { bucket: 'demo-bkt', key: 'avatars/alice/1.png' }
    const { image: _, mechanism: __, ...rest } = upload
    const reported = toTriggerUpload(place, { rule: 'avatar', sub: 'alice' }, stored)
    expect(reported).toEqual({ ...rest, proof: 'trigger' })
    expect(uploadId(reported)).toBe(uploadId(upload))
  })

  it('has no time, and an id all the same, without HeadObject', () => {
    const { lastModified: _, ...unknown } = stored
    const event = toUploadEvent(toUpload(callback, ticket, unknown))
    expect(event).not.toHaveProperty('time')
    expect(v.parse(uploadEventSchema, event)).toEqual(event)
  })

  it('is one that the official CloudEvents package takes, strictly', () => {
    const event = toUploadEvent(upload)
    const strict = new CloudEvent({ ...event }, true)
    expect(strict.validate()).toBe(true)
    expect(JSON.parse(JSON.stringify(strict))).toEqual({
      ...event,
      time: '2023-11-14T22:13:20.000Z',
    })
  })

  it('is what the published JSON Schema says', () => {
    const file = 'docs/upload-event.schema.json'
    const { $schema, $id, title, ...published } = JSON.parse(readFileSync(file, 'utf8'))
    expect($schema).toBe('https://json-schema.org/draft/2020-12/schema')
    expect([$id, title]).toEqual(['urn:oss-direct:upload-event', 'Upload event of oss-direct'])
    expect(published).toEqual(toJsonSchema(uploadEventSchema))
  })

  it.each<[string, object]>([
    ['an id that is none', { id: 'x' }],
    ['another type', { type: 'x' }],
    ['a member that we don’t know', { more: 1 }],
    ['a time with a fraction', { time: '2023-11-14T22:13:20.5Z' }],
    ['a size below zero', { data: { ...upload, size: -1 } }],
  ])('is not one with %s', (_, change) => {
    const event = { ...toUploadEvent(upload), ...change }
    expect(v.is(uploadEventSchema, event)).toBe(false)
  })
})
