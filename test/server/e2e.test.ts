// Suites of test/e2e that cross every route, against the web server. `npm run test:serve` runs all of them.
import { SERVER } from '../e2e/support/cloud'

process.env[SERVER] = 'web'

// Each in a block of its own, so that its cloud runs only while its tests do.
describe('links', () => {
  require('../e2e/links.test')
})
describe('bad input', () => {
  require('../e2e/bad-input.test')
})
describe('callback', () => {
  require('../e2e/callback.test')
})
