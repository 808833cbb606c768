import { describeFile } from '../../client/describe-file'

it.each([
  ['a.PDF', '', {}, 'application/pdf'],
  ['a.b.jpg', '', {}, 'image/jpeg'],
  ['a.pdf', 'image/png', {}, 'image/png'],
  ['a.pdf', 'image/png', { contentType: 'text/plain' }, 'text/plain'],
  ['a.odd', '', {}, 'application/octet-stream'],
  ['pdf', '', { filename: 'b.zip' }, 'application/zip'],
  ['noextension', '', {}, 'application/octet-stream'],
])('%s of the type "%s" with %j is %s', (name, type, options, contentType) => {
  const filename = 'filename' in options ? options.filename : name
  expect(describeFile({ name, type }, options)).toEqual({ filename, contentType })
})

it('needs a name', () => {
  expect(() => describeFile({ type: '' }, {})).toThrow('The file has no name')
})
