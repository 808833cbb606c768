import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyFolders } from '../../tools/check-manifest'

const folder = mkdtempSync(join(tmpdir(), 'component-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A component whose functions have at most so many triggers. */
function componentOf(maxItems: number): string {
  const schema = JSON.stringify({ type: 'object', properties: { triggers: { maxItems } } })
  writeFileSync(join(folder, 'package.json'), '{"name": "a", "main": "index.js"}')
  writeFileSync(
    join(folder, 'index.js'),
    `exports.default = class {
      getSchema() { return ${JSON.stringify(schema)} }
      getShownProps() { return {} }
    }`,
  )
  return folder
}

it('verifies the manifests of one, ten and thirty folders, which have at most ten triggers', () => {
  expect(() => verifyFolders(componentOf(10))).not.toThrow()
}, 60_000)

it('fails where the component refuses one of them', () => {
  expect(() => verifyFolders(componentOf(9))).toThrow(/Command failed.*verify/)
}, 60_000)
