import { OssDirectError } from '../../client/errors'
import { readBytes, whyNot } from '../../client/read-chunk'
import { shareLocalCloud } from '../e2e/support/cloud'
import { type Change, PART, randomFile, start } from './support/parts'

const cloud = shareLocalCloud({ rules: 'test/support/rules/parts.ts' })
const LOST = new OssDirectError('No answer came.', { code: 'network', retryable: true })

it('says that the file can not be read, instead of trying again', async () => {
  const file = randomFile(3 * PART)
  const unreadable = {
    size: file.size,
    type: file.type,
    slice: async () => {
      throw new DOMException('The file was changed.', 'NotReadableError')
    },
  }
  const trial = start(cloud(), { file, source: unreadable })
  await expect(trial.done).rejects.toMatchObject({ code: 'file_unreadable', retryable: false })
  const slice = () => {
    const blob = new Blob(['x'])
    blob.slice = () => ({ arrayBuffer: () => Promise.reject(new Error('changed')) }) as never
    return blob
  }
  const change: Change = (operation, request, send) =>
    operation.startsWith('part') ? Promise.reject(LOST) : send(request)
  const changed = start(cloud(), { file, source: { ...unreadable, slice }, change })
  await expect(changed.done).rejects.toMatchObject({ code: 'file_unreadable' })
})

it('reads bytes of what can be read, and nothing of what only a transport understands', async () => {
  const source = (chunk: unknown) => ({ size: 3, type: '', slice: () => chunk as Blob })
  const bytes = new Uint8Array([1, 2, 3])
  const copy = await readBytes(source(bytes), 0, 3)
  expect(copy).toEqual(bytes)
  expect(copy?.buffer).not.toBe(bytes.buffer)
  expect(await readBytes(source(new Blob([bytes])), 0, 3)).toEqual(bytes)
  expect(await readBytes(source({ uri: 'file:///a' }), 0, 3)).toBeUndefined()
})

it('leaves an error as it is where the file can be read', async () => {
  await expect(whyNot(LOST, new Blob(['x']))).rejects.toBe(LOST)
  await expect(whyNot(LOST, new Uint8Array(1))).rejects.toBe(LOST)
})
