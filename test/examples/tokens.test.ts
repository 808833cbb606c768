import { describeTokens } from './support/tokens'

const FOLDER = 'examples/tokens'

describeTokens({
  PHP: ['php', `${FOLDER}/token.php`],
  Java: ['java', `${FOLDER}/Token.java`],
  Go: ['go', 'run', `${FOLDER}/token.go`],
})
