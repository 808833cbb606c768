import { Refusal } from '../../shared/errors'
import {
  admitsExecutableType,
  contentDisposition,
  downloadOverrides,
  isExecutableType,
} from '../../shared/policy/disposition'

describe('contentDisposition', () => {
  it.each([
    ['report.pdf', 'attachment; filename="report.pdf"'],
    ['my report (1).pdf', 'attachment; filename="my report (1).pdf"'],
    ['报告.pdf', `attachment; filename="__.pdf"; filename*=UTF-8''%E6%8A%A5%E5%91%8A.pdf`],
    ['a"b.pdf', `attachment; filename="a_b.pdf"; filename*=UTF-8''a%22b.pdf`],
    ['a\\b.pdf', `attachment; filename="a_b.pdf"; filename*=UTF-8''a%5Cb.pdf`],
    ['a;b=c.pdf', `attachment; filename="a_b_c.pdf"; filename*=UTF-8''a%3Bb%3Dc.pdf`],
    ["it's 100%.pdf", `attachment; filename="it_s 100_.pdf"; filename*=UTF-8''it%27s%20100%25.pdf`],
    ['a&acl.pdf', `attachment; filename="a_acl.pdf"; filename*=UTF-8''a%26acl.pdf`],
    ['😀.png', `attachment; filename="_.png"; filename*=UTF-8''%F0%9F%98%80.png`],
  ])('names %j', (name, value) => {
    expect(contentDisposition('attachment', name)).toBe(value)
  })

  it('names nothing when there is no name', () => {
    expect(contentDisposition('inline')).toBe('inline')
  })

  it.each([
    '',
    'a\r\nb',
    'a\nSet-Cookie: b',
    'a\0',
    'a\u0085',
    'gpj.\u202eexe',
    '\u2066a',
    'a\ud800',
    '\udc00',
  ])('refuses the name %j', (name) => {
    expect(() => contentDisposition('attachment', name)).toThrow(Refusal)
  })
})

describe('isExecutableType', () => {
  it.each([
    'text/html',
    'TEXT/HTML; charset=utf-8',
    'application/xhtml+xml',
    'image/svg+xml',
    'text/xml',
    'application/xml',
    'application/rss+xml',
    'video/x+xml',
    'audio/X+XML; a="b"',
    'application/xml-dtd+xml',
    'text/javascript',
    'application/javascript',
    'application/x-javascript',
    'application/ecmascript',
    'text/jscript',
    'multipart/x-mixed-replace',
  ])('knows that browsers run %s', (type) => {
    expect(isExecutableType(type)).toBe(true)
  })

  it.each([
    'image/png',
    'text/plain',
    'application/pdf',
    'application/json',
    'video/mp4',
    'text/csv',
  ])('knows that browsers do not run %s', (type) => {
    expect(isExecutableType(type)).toBe(false)
  })

  it('finds them behind patterns, of which each lets some XML in', () => {
    expect(admitsExecutableType(['image/png', 'image/*'])).toBe(true)
    expect(admitsExecutableType(['*/*'])).toBe(true)
    expect(admitsExecutableType(['image/png', 'video/*'])).toBe(true)
    expect(admitsExecutableType(['image/png', 'video/mp4'])).toBe(false)
  })
})

describe('downloadOverrides', () => {
  const any = { contentTypes: ['*/*'] }
  const images = { contentTypes: ['image/png'] }
  const disposition = 'response-content-disposition'

  it('overrides nothing where nothing is asked and nothing can harm', () => {
    expect(downloadOverrides(images)).toEqual({})
  })

  it('gives what is asked where nothing can harm', () => {
    expect(downloadOverrides({ ...images, as: 'inline' })).toEqual({ [disposition]: 'inline' })
    expect(downloadOverrides({ ...images, downloadName: 'me.png' })).toEqual({
      [disposition]: 'attachment; filename="me.png"',
    })
  })

  it('makes a file of an object that may be of any type', () => {
    for (const wish of [any, { ...any, as: 'inline' as const }]) {
      expect(downloadOverrides(wish)).toEqual({ [disposition]: 'attachment' })
    }
    expect(downloadOverrides({ ...any, as: 'inline', downloadName: 'a.png' })).toEqual({
      [disposition]: 'attachment; filename="a.png"',
    })
  })

  it('names the file as asked', () => {
    expect(downloadOverrides({ ...any, as: 'attachment', downloadName: 'a.html' })).toEqual({
      [disposition]: 'attachment; filename="a.html"',
    })
  })
})
