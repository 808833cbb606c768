/** What a bundle was made of, as esbuild's metafile says. */
type Inputs = Readonly<Record<string, { bytesInOutput: number }>>

/** Returns the names of the packages that a bundle has code of. */
export function packagesIn(inputs: Inputs): string[] {
  const names = Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => {
    const [, name] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path) ?? []
    return name === undefined || bytesInOutput === 0 ? [] : [name]
  })
  return [...new Set(names)].sort()
}

/** Returns the number of source files that a bundle has code of. */
export function countModules(inputs: Inputs): number {
  return Object.values(inputs).filter(({ bytesInOutput }) => bytesInOutput > 0).length
}
