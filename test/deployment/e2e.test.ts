// A core of the end-to-end suites, against functions that are loaded as Function Compute loads them.
import { startedVersions } from './support/deployed'
import { removeCode } from './support/extract'

jest.mock('../../local/fc/instance', () => ({
  startInstance: require('./support/deployed').startWith(() => process.execPath),
}))

require('./support/core')

afterAll(removeCode)

it('ran on the Node of this test', () => {
  expect([...startedVersions]).toEqual([process.version])
})
