import { describeClients, describeLargeClients } from './support/clients'

const FOLDER = 'examples/clients'

describeClients({
  curl: ['sh', `${FOLDER}/put.sh`],
  PHP: ['php', `${FOLDER}/put.php`],
  Java: ['java', `${FOLDER}/Put.java`],
  Go: ['go', 'run', `${FOLDER}/put.go`],
})

describeLargeClients({
  Python: ['python3', `${FOLDER}/parts.py`],
  Go: ['go', 'run', `${FOLDER}/parts.go`],
})
