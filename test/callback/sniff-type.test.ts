/** Loads the module in a test, as code that uses it does: a mutation run skips tables of modules that tests load before. */
async function fitsType(bytes: Uint8Array, declared: string): Promise<boolean> {
  const sniffType = await import('../../shared/callback/sniff-type')
  return sniffType.fitsType(bytes, declared)
}

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
  bmp: bytesOf('BM', [70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0], Array(40).fill(0)),
  icon: bytesOf([0, 0, 1, 0, 1, 0, 16, 16], Array(40).fill(0)),
  heic: bytesOf([0, 0, 0, 24], 'ftypheic', [0, 0, 0, 0], 'mif1heic', Array(20).fill(0)),
  wav: bytesOf('RIFF', [36, 0, 0, 0], 'WAVEfmt ', Array(40).fill(0)),
  mp3: bytesOf([0xff, 0xfb, 0x90, 0x64], Array(40).fill(0)),
  ogg: bytesOf('OggS', [0, 2], Array(21).fill(0), [30, 1], 'vorbis', Array(40).fill(0)),
  opus: bytesOf('OggS', [0, 2], Array(21).fill(0), [19], 'OpusHead', Array(40).fill(0)),
  webm: bytesOf([0x1a, 0x45, 0xdf, 0xa3, 0x87, 0x42, 0x82, 0x84], 'webm', Array(40).fill(0)),
  gzip: bytesOf([0x1f, 0x8b, 8], Array(40).fill(0)),
  cfb: bytesOf([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1], Array(40).fill(0)),
  mp4: bytesOf([0, 0, 0, 24], 'ftypisom', [0, 0, 2, 0], 'isomiso2', Array(20).fill(0)),
  xml: bytesOf('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
  text: bytesOf('hello, this is plain text\n'),
  html: bytesOf('<!doctype html><script>alert(1)</script>'),
  nothing: Buffer.alloc(0),
}
type Name = keyof typeof FILES

/** Every name of the type of a file. */
const NAMES = {
  png: ['image/png'],
  gif: ['image/gif'],
  pdf: ['application/pdf'],
  jpeg: ['image/jpeg', 'image/jpg', 'image/pjpeg'],
  bmp: ['image/bmp', 'image/x-ms-bmp'],
  icon: ['image/x-icon', 'image/vnd.microsoft.icon'],
  heic: ['image/heic', 'image/heif', 'image/heic-sequence', 'image/heif-sequence'],
  wav: ['audio/wav', 'audio/wave', 'audio/x-wav', 'audio/vnd.wave'],
  mp3: ['audio/mpeg', 'audio/mp3'],
  mp4: [
    ...['video/mp4', 'audio/mp4', 'audio/x-m4a', 'audio/x-m4b', 'video/x-m4v', 'video/quicktime'],
    ...['video/3gpp', 'audio/3gpp', 'video/3gpp2', 'audio/3gpp2'],
  ],
  ogg: ['audio/ogg', 'video/ogg', 'application/ogg', 'audio/opus'],
  webm: ['video/webm', 'audio/webm', 'video/matroska', 'video/x-matroska', 'audio/x-matroska'],
  gzip: ['application/gzip', 'application/x-gzip'],
  zip: [
    ...['application/zip', 'application/x-zip-compressed', 'application/epub+zip'],
    ...['application/java-archive', 'application/vnd.oasis.opendocument.text'],
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  ],
  cfb: [
    ...['application/x-cfb', 'application/msword'],
    ...['application/vnd.ms-excel', 'application/vnd.ms-powerpoint'],
  ],
  xml: ['application/xml', 'text/xml', 'image/svg+xml'],
} satisfies Partial<Record<Name, string[]>>

const ALL_NAMES = Object.values<string[]>(NAMES).flat()
// These are names too: any of a document, and any of XML.
const OPEN = /^application\/vnd\.o.*-x$|\+xml$/
const NO_NAMES = ALL_NAMES.flatMap((name) => [`x-${name}`, `${name}-x`]).filter(
  (name) => !OPEN.test(name),
)

describe('the first bytes of a file', () => {
  it('of a type fit every name of it, and no other, nor one that only contains it', async () => {
    for (const [file, own] of Object.entries<string[]>(NAMES)) {
      const fitting = []
      for (const name of [...ALL_NAMES, ...NO_NAMES]) {
        if (await fitsType(FILES[file as Name], name)) fitting.push(name)
      }
      expect(fitting).toEqual(own)
    }
  })

  it.each(ALL_NAMES.filter((name) => !name.endsWith('xml')))(
    'of unknown content are not %s',
    async (name) => {
      expect(await fitsType(FILES.html, name)).toBe(false)
      expect(await fitsType(FILES.nothing, name)).toBe(false)
    },
  )

  it.each<[Name, string]>([
    ['png', 'image/png'],
    ['png', 'IMAGE/PNG; a=b'],
    ['png', ' image/png ; a=b'],
    ['opus', 'audio/ogg'],
    ['opus', 'audio/opus'],
    ['text', 'text/plain'],
    ['text', 'text/csv'],
    ['text', 'text/vcard'],
    ['text', 'application/xml'],
    ['text', 'image/svg+xml'],
    ['html', 'text/html'],
    ['text', 'application/x-of-our-own'],
    ['exe', 'application/octet-stream'],
    ['nothing', 'text/plain'],
  ])('of %s can be %s', async (name, type) => {
    expect(await fitsType(FILES[name], type)).toBe(true)
  })

  it.each<[Name, string]>([
    ['exe', 'image/png'],
    ['exe', 'text/plain'],
    ['png', 'text/html'],
    ['xml', 'text/plain'],
    ['exe', 'application/x-of-our-own'],
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
