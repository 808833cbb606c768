import { fitsType } from '../../shared/callback/sniff-type'

const bytesOf = (...parts: (string | number[])[]) =>
  Buffer.concat(
    parts.map((part) =>
      typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part),
    ),
  )

const FILES = {
  png: bytesOf(
    [0x89],
    'PNG\r\n',
    [0x1a, 0x0a, 0, 0, 0, 13],
    'IHDR',
    Array(17).fill(1),
    [0, 0, 0, 0],
    'IDAT',
  ),
  jpeg: bytesOf([0xff, 0xd8, 0xff, 0xe0, 0, 16], 'JFIF', [0], Array(40).fill(0)),
  gif: bytesOf('GIF89a', Array(40).fill(0)),
  pdf: bytesOf('%PDF-1.7\n', Array(40).fill(32)),
  exe: bytesOf('MZ', Array(80).fill(0)),
  zip: bytesOf('PK', [3, 4, 20, 0, 0, 0, 0, 0], Array(20).fill(0)),
  mp4: bytesOf([0, 0, 0, 24], 'ftypisom', [0, 0, 2, 0], 'isomiso2', Array(20).fill(0)),
  xml: bytesOf('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
  text: bytesOf('hello, this is plain text\n'),
  html: bytesOf('<!doctype html><script>alert(1)</script>'),
  nothing: Buffer.alloc(0),
}
type Name = keyof typeof FILES

describe('the first bytes of a file', () => {
  it.each<[Name, string]>([
    ['png', 'image/png'],
    ['png', 'IMAGE/PNG; a=b'],
    ['jpeg', 'image/jpeg'],
    ['jpeg', 'image/jpg'],
    ['gif', 'image/gif'],
    ['pdf', 'application/pdf'],
    ['zip', 'application/zip'],
    ['zip', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
    ['mp4', 'video/mp4'],
    ['mp4', 'audio/mp4'],
    ['xml', 'image/svg+xml'],
    ['xml', 'text/xml'],
    ['text', 'text/plain'],
    ['text', 'text/csv'],
    ['html', 'text/html'],
    ['text', 'application/x-of-our-own'],
    ['exe', 'application/octet-stream'],
    ['nothing', 'text/plain'],
  ])('of %s can be %s', async (name, type) => {
    expect(await fitsType(FILES[name], type)).toBe(true)
  })

  it.each<[Name, string]>([
    ['html', 'image/png'],
    ['exe', 'image/png'],
    ['jpeg', 'image/png'],
    ['png', 'image/jpeg'],
    ['exe', 'text/plain'],
    ['png', 'text/html'],
    ['zip', 'application/pdf'],
    ['pdf', 'application/zip'],
    ['text', 'video/mp4'],
    ['xml', 'image/png'],
    ['exe', 'application/x-of-our-own'],
    ['nothing', 'image/png'],
  ])('of %s can’t be %s', async (name, type) => {
    expect(await fitsType(FILES[name], type)).toBe(false)
  })

  it('that end too early are of no type, and never an error', async () => {
    for (const file of Object.values(FILES)) {
      for (let length = 0; length < file.length; length++) {
        expect(typeof (await fitsType(file.subarray(0, length), 'image/png'))).toBe('boolean')
      }
    }
  })
})
