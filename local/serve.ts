import { serve } from './command'

void serve(process.argv.slice(2)).then((status) => process.exit(status))
