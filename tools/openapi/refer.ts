/** Returns a reference to a schema in the document's components. */
export function refer(name: string): { $ref: string } {
  return { $ref: `#/components/schemas/${name}` }
}
