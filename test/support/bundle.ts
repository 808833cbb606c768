import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { bundleClient, writeClientTypes } from '../../tools/build/client'
import { bundleLocal, writeTypes } from '../../tools/build/local'
import { makeOnce } from './run'

/** The folder of the package's bundles (`bin.js`, `local.js`, `rules.js`), made once in a run. */
function localBundles(): Promise<string> {
  return makeOnce('bundles', bundleLocal)
}

/** The command `oss-direct`: starts in a quarter of the time that its sources need. */
export async function localCommand(): Promise<string> {
  return join(await localBundles(), 'bin.js')
}

/** The folder `build` of the package as `npm ci` makes it, with all types; made once in a run. */
export function packageBuild(): Promise<string> {
  return makeOnce('package', async (folder) => {
    cpSync(await localBundles(), folder, { recursive: true })
    await bundleClient(folder)
    writeTypes(folder)
    writeClientTypes(folder)
  })
}
