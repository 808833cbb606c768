import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(__dirname, '../..')
const read = (file: string) => JSON.parse(readFileSync(join(ROOT, file), 'utf8'))

type Locked = { version: string; integrity?: string; resolved?: string; hasInstallScript?: boolean }
const lockedIn = (file: string) =>
  Object.entries<Locked>(read(file).packages).filter(([path]) => path !== '')
const LOCKED = lockedIn('package-lock.json')
const PEERS = lockedIn('bench/package-lock.json')
const { allowScripts } = read('package.json')

it('every locked package has its SHA-512, so that the registry can’t exchange it', () => {
  expect(LOCKED.length).toBeGreaterThan(500)
  expect(PEERS.length).toBeGreaterThan(50)
  const open = [...LOCKED, ...PEERS].filter(
    ([, { integrity }]) => !integrity?.startsWith('sha512-'),
  )
  expect(open.map(([path]) => path)).toEqual([])
})

it('the old Node of the tests has its SHA-512 for every system', () => {
  const locked = read('test/deployment/support/node-20.11/package-lock.json').packages
  const systems = Object.entries<Locked>(locked).filter(([path]) => path !== '')
  expect(systems.map(([, { version }]) => version)).toEqual(['20.11.0', '20.11.0', '20.11.0'])
  expect(systems.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([])
})

it('every locked package comes from npm’s own registry', () => {
  const hosts = [...LOCKED, ...PEERS].flatMap(([, { resolved }]) =>
    resolved === undefined ? [] : [new URL(resolved).host],
  )
  expect(hosts.filter((host) => host !== 'registry.npmjs.org')).toEqual([])
})

it('no package runs a script when it is installed: each that has one is named', () => {
  const scripted = LOCKED.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) =>
    path.replace(/.*node_modules\//, ''),
  )
  expect(PEERS.filter(([, { hasInstallScript }]) => hasInstallScript)).toEqual([])
  expect([...new Set(scripted)].sort()).toEqual(Object.keys(allowScripts).sort())
  expect(Object.values(allowScripts)).toEqual(Object.keys(allowScripts).map(() => false))
})

it('npm ci has nothing to warn of', () => {
  const unreviewed = execFileSync('npm', ['install-scripts', 'ls'], { cwd: ROOT, encoding: 'utf8' })
  expect(unreviewed).not.toContain('not yet covered')
})

it('the package has a list of what it depends on, as CycloneDX', () => {
  const { prepack } = read('package.json').scripts
  const [command] = prepack.split(' > ')
  expect(prepack).toMatch(/ > build\/sbom\.json$/)
  const sbom = JSON.parse(execFileSync('sh', ['-c', command], { cwd: ROOT, encoding: 'utf8' }))
  expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: expect.any(String) })
  const names = sbom.components.map(({ name }: { name: string }) => name)
  expect(names).toEqual(expect.arrayContaining(['jose', 'valibot', '@alicloud/sts20150401']))
  expect(names).not.toContain('jest')
}, 60_000)
