// A core of the end-to-end suites, against functions that are loaded as Function Compute loads them.
import { startedVersions } from './support/deployed'
import { removeCode } from './support/extract'
import { OLDEST_VERSION } from './support/oldest-node'

jest.mock('../../local/fc/instance', () => ({
  startInstance: require('./support/deployed').startWith(
    require('./support/oldest-node').oldestNode,
  ),
}))

// Each in a block of its own, so that its cloud runs only while its tests do.
describe('callback', () => {
  require('../e2e/callback.test')
})
describe('signed URLs', () => {
  require('../e2e/put-url.test')
})
describe('the trigger of OSS', () => {
  require('../e2e/trigger.test')
})

afterAll(removeCode)

it('ran on the oldest Node that Function Compute may have', () => {
  expect([...startedVersions]).toEqual([OLDEST_VERSION])
})
