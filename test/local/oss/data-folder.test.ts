import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lockFolder } from '../../../local/oss/store/lock'
import { Store } from '../../../local/oss/store/store'
import { startCloud } from './support/cloud'

let dataDir = ''

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'oss-folder-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

it('does not share its folder with another server', async () => {
  const cloud = await startCloud({ dataDir })
  await expect(startCloud({ dataDir })).rejects.toThrow('in use')
  await cloud.close()
  await (await startCloud({ dataDir })).close()
})

describe('the lock of a folder', () => {
  const path = () => join(dataDir, 'lock')
  const leave = (owner: object) => writeFileSync(path(), JSON.stringify(owner))
  const startedAt = Date.now() - process.uptime() * 1000

  it('holds against another copy of the code in one process, as each thread has', () => {
    const unlock = lockFolder(dataDir)
    jest.isolateModules(() => {
      const copy = require('../../../local/oss/store/lock') as { lockFolder: typeof lockFolder }
      expect(copy.lockFolder).not.toBe(lockFolder)
      expect(() => copy.lockFolder(dataDir)).toThrow('in use by this process')
    })
    unlock()
    lockFolder(dataDir)()
  })

  it.each([
    ['a process that is gone', { pid: 2 ** 22 + 1, startedAt: 0 }],
    ['an earlier process of our number', { pid: process.pid, startedAt: startedAt - 60_000 }],
    ['nobody', {}],
  ])('is taken from %s', (_, owner) => {
    leave(owner)
    lockFolder(dataDir)()
    expect(existsSync(path())).toBe(false)
  })

  it('is left to a process that runs', () => {
    leave({ pid: process.ppid, startedAt: 0 })
    expect(() => lockFolder(dataDir)).toThrow(`in use by process ${process.ppid}`)
    rmSync(path())
  })
})

describe('a folder with files of somebody else', () => {
  it.each(['my diary\n', '{"a":1}\n', ''])(
    'is refused with %j for a journal, which stays',
    (text) => {
      const path = join(dataDir, 'journal')
      writeFileSync(path, text)
      expect(() => new Store(dataDir)).toThrow('is not a journal of the local cloud')
      expect(readFileSync(path, 'utf8')).toBe(text)
      expect(existsSync(join(dataDir, 'lock'))).toBe(false)
    },
  )

  it('keeps what it has beside our bytes', async () => {
    const names = ['photo.jpg', 'A'.repeat(32), 'd41d8cd98f00b204e9800998ecf8427e']
    mkdirSync(join(dataDir, 'blobs', 'folder'), { recursive: true })
    for (const name of names) writeFileSync(join(dataDir, 'blobs', name), 'precious')
    await new Store(dataDir).close()
    await new Store(dataDir).close()
    expect(readdirSync(join(dataDir, 'blobs')).sort()).toEqual([...names, 'folder'].sort())
  })
})

it('writes nothing once it is closed', async () => {
  const store = new Store(dataDir)
  await store.close()
  const change = { type: 'delete', bucket: 'demo-bkt', key: 'k' } as const
  expect(() => store.commit(change)).toThrow('The store is closed')
})
