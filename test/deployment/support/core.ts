/** The core of the end-to-end suites; whoever requires it has replaced how instances start. */

// Each in a block of its own, so that its cloud runs only while its tests do.
describe('callback', () => {
  require('../../e2e/callback.test')
})
describe('signed URLs', () => {
  require('../../e2e/put-url.test')
})
describe('the trigger of OSS', () => {
  require('../../e2e/trigger.test')
})
