/** The fields of a response, in order. */
export type Fields = { readonly [name: string]: Field | readonly Fields[] | undefined }
type Field = string | number | boolean | Fields

/** Returns a response body in the requested format; `root` is the name of XML's outer element. */
export function toBody(format: string, root: string, fields: Fields) {
  if (format.toUpperCase() !== 'XML') {
    return { contentType: 'application/json;charset=utf-8', body: JSON.stringify(fields) }
  }
  const body = `<?xml version='1.0' encoding='UTF-8'?>${toXml({ [root]: fields })}`
  return { contentType: 'text/xml;charset=utf-8', body }
}

function toXml(fields: Fields): string {
  return Object.entries(fields)
    .flatMap(([name, value = []]) =>
      (isList(value) ? value : [value]).map((each) => {
        const inner = typeof each === 'object' ? toXml(each) : escapeXml(String(each))
        return `<${name}>${inner}</${name}>`
      }),
    )
    .join('')
}

function isList(value: Field | readonly Fields[]): value is readonly Fields[] {
  return Array.isArray(value)
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

function escapeXml(text: string): string {
  return text.replace(/[&<>]/g, (mark) => ENTITIES[mark] ?? mark)
}
