import { join } from 'node:path'
import { bundleLocal } from '../../tools/build/local'
import { makeOnce } from './run'

/** The folder of the package's bundles (`bin.js`, `local.js`, `rules.js`), made once in a run. */
function localBundles(): Promise<string> {
  return makeOnce('bundles', bundleLocal)
}

/** The command `oss-direct`: starts in a quarter of the time that its sources need. */
export async function localCommand(): Promise<string> {
  return join(await localBundles(), 'bin.js')
}
