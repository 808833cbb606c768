import { resolve } from 'node:path'

/** Where the sources are of what the examples import. */
export const ALIASES = {
  'oss-direct/client': resolve('client'),
  'oss-direct/client/adapters': resolve('client/adapters'),
}
