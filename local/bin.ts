import { main } from './main'

void main(process.argv.slice(2)).then((status) => {
  // The local cloud may still have connections; a command may still have output in a pipe.
  if (process.argv[2] === 'local') process.exit(status)
  process.exitCode = status
})
