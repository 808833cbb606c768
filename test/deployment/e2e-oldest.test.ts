// A core of the end-to-end suites, against functions that are loaded as Function Compute loads them.
import { startedVersions } from './support/deployed'
import { removeCode } from './support/extract'
import { OLDEST_VERSION } from './support/oldest-node'

jest.mock('../../local/fc/instance', () => ({
  startInstance: require('./support/deployed').startWith(
    require('./support/oldest-node').oldestNode,
  ),
}))

require('./support/core')

afterAll(removeCode)

it('ran on the oldest Node that Function Compute may have', () => {
  expect([...startedVersions]).toEqual([OLDEST_VERSION])
})
