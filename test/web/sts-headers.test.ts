import { ownerClient, random } from '../e2e/support/client'
import { give, proofIn, type Stage, startStage } from './support/harness'

let stage: Stage

beforeAll(async () => {
  stage = await startStage('test/support/rules/strict.ts')
}, 60_000)

afterAll(() => stage.close())

test.each([
  ['whole', 1000],
  ['in parts', 3_000_000],
])(
  'sends the headers that STS credentials require with a file %s',
  async (way, size) => {
    const { page, complaints, close } = await stage.open()
    await give(page, { name: `${way}.bin`, mimeType: 'a/b', buffer: random(size) })
    const { Key = '', Status } = await proofIn(page, `${way}.bin`)
    expect(Status).toBe('ok')
    const owner = ownerClient(stage.cloud.info)
    expect((await owner.getACL(Key)).acl).toBe('public-read')
    expect((await owner.head(Key)).res.headers).toMatchObject({
      'x-oss-storage-class': 'IA',
      'x-oss-server-side-encryption': 'AES256',
    })
    expect(complaints).toEqual([])
    await close()
  },
  60_000,
)
