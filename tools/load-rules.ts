import { pathToFileURL } from 'node:url'
import type { Rules } from '../shared/rules/rules'

/** The rules that a file exports as its default; throws with every fault that they have. */
export async function loadRules(file: string): Promise<Rules> {
  const module = (await import(pathToFileURL(file).href)) as { default?: unknown }
  // Loaded as CommonJS, the default export is inside the default export.
  const found = [module.default, Object(module.default).default].find(isRules)
  if (found === undefined) {
    throw new Error(`${file} must export the result of defineRules(…) as its default`)
  }
  return found
}

function isRules(value: unknown): value is Rules {
  return value instanceof Map
}
