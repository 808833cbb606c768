import type { Callback } from '../../shared/callback/body'
import type { StoredObject } from '../../shared/callback/stored-object'
import { toTriggerUpload, toUpload } from '../../shared/callback/upload'
import { BODY } from './support/example'
import { STS_TICKET, TICKET } from './support/prover'

const WITHOUT_IMAGE: Callback = { ...BODY, imageWidth: null, imageHeight: null, imageFormat: null }
const UNCONFIRMED: StoredObject = {
  size: 5,
  etag: '5D41402ABC4B2A76B9719D911017C592',
  contentType: 'image/png',
  metadata: { title: 'one' },
}
const STORED: StoredObject = { ...UNCONFIRMED, lastModified: 1_700_000_000 }
const FACTS = { ...UNCONFIRMED, bucket: 'demo-bkt', key: 'avatars/alice/1.png' }

describe('the upload of a callback', () => {
  it('is the stored object with the rule and the caller of its ticket', () => {
    expect(toUpload(WITHOUT_IMAGE, TICKET, STORED)).toStrictEqual({
      ...FACTS,
      rule: 'photo',
      sub: 'alice',
      mechanism: 'url',
      proof: 'callback',
      uploadedAt: '2023-11-14T22:13:20Z',
    })
  })

  it('has no time if its object was not confirmed', () => {
    expect(toUpload(WITHOUT_IMAGE, TICKET, UNCONFIRMED)).not.toHaveProperty('uploadedAt')
  })

  it.each([
    ['a URL', TICKET, 'url'],
    ['a form', { ...TICKET, use: 'form' as const }, 'form'],
    ['STS credentials', STS_TICKET, 'sts'],
    ['parts, each by URL', { ...TICKET, use: 'multipart' as const, partSize: 5 }, 'url'],
  ])('names the mechanism of %s', (_, ticket, mechanism) => {
    expect(toUpload(BODY, ticket, STORED)).toMatchObject({ mechanism })
  })
})

describe('the image of an upload', () => {
  const imageOf = (claimed: Partial<Callback>) =>
    toUpload({ ...BODY, ...claimed }, TICKET, STORED).image

  it.each<[string, Partial<Callback>, object]>([
    ['in numbers', {}, { width: 20, height: 10, format: 'png' }],
    ['in text', { imageWidth: '20' }, { width: 20, height: 10, format: 'png' }],
    ['without a format', { imageFormat: null }, { width: 20, height: 10 }],
    ['of one pixel', { imageWidth: 1 }, { width: 1, height: 10, format: 'png' }],
    ['of six digits', { imageWidth: '999999' }, { width: 999_999, height: 10, format: 'png' }],
  ])('is what the callback says %s', (_, claimed, image) => {
    expect(imageOf(claimed)).toStrictEqual(image)
  })

  it.each([null, 0, '', 'abc', '-1', 'NaN', '1.5', '1e2', '0x10', '1e', ' 20', '20.0', '1000000'])(
    'is absent with the size %j',
    (size) => {
      expect(imageOf({ imageWidth: size })).toBeUndefined()
      expect(imageOf({ imageHeight: size })).toBeUndefined()
    },
  )

  it('is absent with a format that is not a word', () => {
    expect(imageOf({ imageFormat: '<b>' })).toBeUndefined()
  })
})

describe('the upload of a trigger', () => {
  const place = { bucket: 'demo-bkt', key: 'avatars/alice/1.png' }

  it('is the stored object with the rule and the caller of its key', () => {
    const owner = { rule: 'photo', sub: 'alice' }
    expect(toTriggerUpload(place, owner, STORED)).toStrictEqual({
      ...FACTS,
      rule: 'photo',
      sub: 'alice',
      proof: 'trigger',
      uploadedAt: '2023-11-14T22:13:20Z',
    })
  })

  it('has neither a caller nor a time that nobody knows', () => {
    expect(toTriggerUpload(place, { rule: 'photo' }, UNCONFIRMED)).toStrictEqual({
      ...FACTS,
      rule: 'photo',
      proof: 'trigger',
    })
  })
})
