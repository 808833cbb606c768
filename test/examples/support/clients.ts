import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLocalCloud } from '../../../local/start'
import { random, sha256, storedHash, token } from '../../e2e/support/client'
import { share } from '../../support/share'
import { type Ended, runExample } from './run'

/** By name, the command of an example in `examples/clients`; the file to upload comes last. */
type Clients = Readonly<Record<string, readonly string[]>>

// No client may trip over what is in it.
const FILENAME = 'Bericht & 报告 1.pdf'
const SIZE = 300_000
// Of 8 MiB each but the last.
const PARTS = 3
const LARGE = 17_000_000

/** Tests examples that put a file as a whole. */
export function describeClients(clients: Clients): void {
  const { cloud, upload, stored } = openForClients(SIZE)

  describe.each(Object.entries(clients))('%s', (_name, command) => {
    it('uploads a file and prints what was proven', async () => {
      const { status, stdout, stderr } = await upload(command)
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      expect(stdout).toMatch(/^proven: |\n200\n$/)
      expect(await stored(stdout)).toBe(true)
    })

    it('says that a file is stored and not proven', async () => {
      cloud().setFaults([{ match: { method: 'HEAD', who: 'functions' }, respond: 503 }])
      const { status, stdout } = await upload(command)
      cloud().setFaults([])
      expect(status).toBe(0)
      expect(stdout).toMatch(/^stored, not proven: .*CallbackFailed|CallbackFailed.*\n203\n$/s)
    })

    it('fails with the reason of a refusal', async () => {
      const { status, stdout, stderr } = await upload(command, { TOKEN: 'none' })
      expect(status).toBeGreaterThan(0)
      expect(stdout + stderr).toContain('invalid_token')
      expect(stdout).not.toContain('proven')
    })
  })
}

/** Tests examples that send a large file in parts. */
export function describeLargeClients(clients: Clients): void {
  const { cloud, upload, stored } = openForClients(LARGE)

  describe.each(Object.entries(clients))('%s, in parts', (_name, command) => {
    it('uploads a file, whose parts fail now and then', async () => {
      cloud().setFaults([{ match: { operation: 'UploadPart' }, respond: 503, times: 2 }])
      const { status, stdout, stderr } = await upload(command)
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      expect(stdout).toMatch(/^proven: /)
      expect(stdout).toContain(`-${PARTS}"`)
      expect(await stored(stdout)).toBe(true)
    })

    it('deletes its parts when it gives up', async () => {
      cloud().setFaults([{ match: { operation: 'UploadPart' }, respond: 503 }])
      const { status, stderr } = await upload(command)
      cloud().setFaults([])
      expect(status).toBeGreaterThan(0)
      expect(stderr).toContain('503')
      const aborts = cloud()
        .requests()
        .filter(({ method }) => method === 'DELETE')
      expect(aborts.at(-1)).toMatchObject({ status: 204 })
    })

    it('fails with the reason of a refusal', async () => {
      const { status, stderr } = await upload(command, { TOKEN: 'none' })
      expect(status).toBeGreaterThan(0)
      expect(stderr).toContain('invalid_token')
    })
  })
}

/** Shares a cloud and a folder with a file; `upload` runs an example, `stored` compares what it says with OSS. */
function openForClients(size: number) {
  const cloud = share(() => startLocalCloud({ port: 0, log: () => undefined }))
  const file = random(size)
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'oss-direct-test-'))
    writeFileSync(join(folder, FILENAME), file)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  async function upload(command: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    const { info } = cloud()
    const TOKEN = await token(info, 'alice', { plan: 'pro' })
    const arguments_ = [...command, join(folder, FILENAME)]
    return runExample(arguments_, { env: { BASE_URL: info.gateway, TOKEN, ...env } })
  }

  async function stored(stdout: string): Promise<boolean> {
    const [, key = ''] = /"key":"([^"]+)"/.exec(stdout) ?? []
    expect(key).toBe(`documents/alice/${FILENAME}`)
    return (await storedHash(cloud().info, key)) === sha256(file)
  }

  return { cloud, upload, stored }
}
