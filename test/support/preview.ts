import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Manifest, readManifest } from '../../tools/check-manifest'
import { runFolder } from './run'

/** A manifest of the project as `s preview` resolves it, asked once in a run. */
export function previewOf(file = 's.yaml'): Manifest {
  const path = join(runFolder(), `${file}.json`)
  if (!existsSync(path)) {
    const draft = `${path}-${process.pid}`
    writeFileSync(draft, JSON.stringify(readManifest(file)))
    renameSync(draft, path)
  }
  return JSON.parse(readFileSync(path, 'utf8'))
}
