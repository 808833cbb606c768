// Covers client/crc64/digester.ts and client/crc64/crc64.ts.
import { createCrc64 } from '../../../client/crc64/crc64'
import { type Digester, openDigester, openSliced, openWorker } from '../../../client/crc64/digester'
import { startCrc64 } from '../../../local/oss/store/crc64'
import { random } from '../../e2e/support/client'

const MIB = 1024 * 1024

async function digestOf(digester: Digester, bytes: Uint8Array): Promise<string> {
  for (let start = 0; start < bytes.length; start += 2 * MIB + 1) {
    await digester.update(new Uint8Array(bytes.subarray(start, start + 2 * MIB + 1)))
  }
  const digest = await digester.digest()
  digester.close()
  return digest
}

it('is the CRC-64 of ECMA-182, reflected', () => {
  const crc = createCrc64()
  expect(crc.digest()).toBe('0')
  crc.update(new TextEncoder().encode('123456789'))
  // The published check value of CRC-64/XZ.
  expect(crc.digest()).toBe(0x995dc9bbdf1939fan.toString())
})

it.each([
  ['a worker', openDigester],
  ['slices', async () => openSliced()],
])('is the same as another implementation says, in %s', async (_, open) => {
  for (const bytes of [0, 1, MIB, 5 * MIB + 3]) {
    const file = random(bytes)
    const other = await startCrc64()
    other.update(file)
    await expect(digestOf(await open(), file)).resolves.toBe(other.digest())
    other.release()
  }
})

it('runs in a worker of Node, which takes the bytes over', async () => {
  const digester = await openDigester()
  const bytes = new Uint8Array(random(10))
  await digester.update(bytes)
  expect(bytes.byteLength).toBe(0)
  digester.close()
})

it('lets others run between slices', async () => {
  let turns = 0
  const timer = setInterval(() => turns++)
  await openSliced().update(new Uint8Array(16 * MIB))
  clearInterval(timer)
  expect(turns).toBeGreaterThan(4)
})

it('does without a worker where none can be started, or it ends at once', async () => {
  const thrown = await openWorker(() => {
    throw new Error('There are none')
  })
  expect(thrown).toBeUndefined()
  const ended = await openWorker(({ onError }) => {
    setImmediate(onError)
    return { postMessage: () => {}, terminate: () => {} }
  })
  expect(ended).toBeUndefined()
})

it('fails when its worker ends later', async () => {
  let end = () => {}
  const digester = await openWorker(({ onMessage, onError }) => {
    end = onError
    return {
      postMessage: (message) => message === 'ready' && setImmediate(() => onMessage('0')),
      terminate: () => {},
    }
  })
  const updating = digester?.update(new Uint8Array(1))
  end()
  await expect(updating).rejects.toThrow('The worker ended')
})
