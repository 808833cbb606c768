/** The fields of a response, in order. */
export type Fields = { readonly [name: string]: string | number | Fields | undefined }

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
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      const inner = typeof value === 'object' ? toXml(value) : escapeXml(String(value))
      return `<${name}>${inner}</${name}>`
    })
    .join('')
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

function escapeXml(text: string): string {
  return text.replace(/[&<>]/g, (mark) => ENTITIES[mark] ?? mark)
}
