/** A reference to a schema among the document's components. */
export function refer(name: string): { $ref: string } {
  return { $ref: `#/components/schemas/${name}` }
}
