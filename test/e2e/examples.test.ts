// Examples in the languages that every machine with these tests has; test/examples has the others.
import { describeClients } from '../examples/support/clients'
import { describeTokens } from '../examples/support/tokens'

const MINT = `import('./examples/tokens/token.mjs').then(({ mintToken }) =>
  console.log(mintToken(process.argv[1], { plan: 'pro' })))`

describe('examples/clients', () => {
  describeClients({
    Node: ['node', 'examples/clients/put.mjs'],
    Python: ['python3', 'examples/clients/put.py'],
  })
})

describe('examples/tokens', () => {
  describeTokens({
    Node: ['node', '-e', MINT],
    Python: ['python3', 'examples/tokens/token.py'],
  })
})
