import { ownerClient, random, sha256, storedHash } from '../e2e/support/client'
import {
  choose,
  give,
  holdBack,
  KiB,
  PIXEL,
  proofIn,
  type Stage,
  settled,
  startStage,
} from './support/harness'

const WAYS = ['Automatic', 'Signed URL', 'POST form', 'In parts', 'STS credentials']
const HOW = 'How it travels'
const STRANGE_NAME = 'a b+c%20% 😀 文件 e\u0301.bin'

let stage: Stage

beforeAll(async () => {
  stage = await startStage()
}, 60_000)

afterAll(() => stage?.close())

test('stores every byte by every way: of parts, of an empty and of a strangely named file', async () => {
  const { page, complaints, close } = await stage.open({ rule: 'media' })
  for (const way of WAYS) {
    await choose(page, HOW, way)
    const [film, strange] = [`${way}.mp4`, `${way} ${STRANGE_NAME}`]
    const bytes = { [film]: random(350 * KiB), [strange]: random(30_000) }
    await give(
      page,
      { name: film, mimeType: 'video/mp4', buffer: bytes[film] as Buffer },
      { name: strange, mimeType: '', buffer: bytes[strange] as Buffer },
      { name: `${way}.txt`, mimeType: 'text/plain', buffer: Buffer.alloc(0) },
    )
    const key = `media/alice/${way}.mp4`
    expect(await proofIn(page, film)).toMatchObject({ Key: key, Size: '358,400 bytes' })
    expect((await proofIn(page, strange.normalize('NFC'))).Key).toBe(
      `media/alice/${way} ${STRANGE_NAME.normalize('NFC')}`,
    )
    expect(await proofIn(page, `${way}.txt`)).toMatchObject({ Size: '0 bytes' })
    for (const [name, buffer] of Object.entries(bytes)) {
      const hash = await storedHash(stage.cloud.info, `media/alice/${name.normalize('NFC')}`)
      expect([name, hash]).toEqual([name, sha256(buffer)])
    }
    const { res } = await ownerClient(stage.cloud.info).head(key)
    expect(res.headers).toMatchObject({ 'content-type': 'video/mp4' })
  }
  expect(complaints).toEqual([])
  await close()
}, 120_000)

test('uploads by every way from a device whose clock is years behind', async () => {
  const { page, complaints, close } = await stage.open({ rule: 'media' })
  await page.clock.setSystemTime('2001-02-03T04:05:06Z')
  for (const way of WAYS) {
    await choose(page, HOW, way)
    const name = `old ${way}.bin`
    await give(page, { name, mimeType: 'a/b', buffer: random(250 * KiB) })
    await settled(page, name, 'done')
  }
  expect(complaints).toEqual([])
  await close()
}, 60_000)

test('borrows new credentials and a new ticket in the middle of an upload when they are due', async () => {
  const { page, complaints, close } = await stage.open({ rule: 'media', way: 'STS credentials' })
  let issuedCount = 0
  await page.route('**/sts', async (route) => {
    issuedCount += 1
    const answer = await (await route.fetch()).json()
    // The first ticket is invalid, so that only a later one can prove the upload.
    if (issuedCount === 1) answer.callback.callbackVar['x:ticket'] = 'stale'
    await route.fulfill({ json: { ...answer, refreshAfter: answer.serverTime } })
  })
  await give(page, { name: 'slow.bin', mimeType: 'a/b', buffer: random(2500 * KiB) })
  await settled(page, 'slow.bin', 'done')
  expect(issuedCount).toBeGreaterThan(1)
  expect(complaints).toEqual([])
  await close()
})

test('sends the headers that STS credentials require, whole and in parts, by a rule that has nothing else', async () => {
  const { page, complaints, close } = await stage.open({ rule: 'strict' })
  const owner = ownerClient(stage.cloud.info)
  for (const [name, size] of [
    ['whole.bin', 1000],
    ['parts.bin', 1_200_000],
  ] as const) {
    await give(page, { name, mimeType: 'a/b', buffer: random(size) })
    const { Key = '' } = await proofIn(page, name)
    expect((await owner.getACL(Key)).acl).toBe('public-read')
    expect((await owner.head(Key)).res.headers).toMatchObject({
      'x-oss-storage-class': 'IA',
      'x-oss-server-side-encryption': 'AES256',
    })
  }
  expect(complaints).toEqual([])
  await close()
}, 60_000)

test('takes files that are dropped anywhere or pasted, before it is known what the user may use', async () => {
  const { page, complaints, close } = await stage.open({ rule: 'media' })
  const goOn = await holdBack(page, '/local/token')
  await page.reload()
  await page.locator('.choosers').waitFor()
  await page.evaluate((pixel) => {
    const transferOf = (...files: File[]) => {
      const transfer = new DataTransfer()
      for (const file of files) transfer.items.add(file)
      return transfer
    }
    const dropped = transferOf(new File(['dropped'], 'dropped.txt', { type: 'text/plain' }))
    const bytes = Uint8Array.from(atob(pixel), (character) => character.charCodeAt(0))
    const pasted = transferOf(new File([bytes], 'image.png', { type: 'image/png' }))
    const place = document.querySelector('h1')
    place?.dispatchEvent(
      new DragEvent('drop', { dataTransfer: dropped, bubbles: true, cancelable: true }),
    )
    place?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: pasted, bubbles: true }))
  }, PIXEL.toString('base64'))
  goOn()
  await settled(page, 'dropped.txt', 'done')
  expect(await storedHash(stage.cloud.info, 'media/alice/dropped.txt')).toBe(
    sha256(Buffer.from('dropped')),
  )
  const pasted = page.locator('.row[data-state=done]', { hasText: 'pasted-' })
  await pasted.locator('.thumbnail img').waitFor()
  expect(await pasted.locator('.name').textContent()).toMatch(
    /^pasted-\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d\.png$/,
  )
  expect(complaints).toEqual([])
  await close()
})
