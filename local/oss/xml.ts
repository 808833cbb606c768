import { XMLParser, XMLValidator } from 'fast-xml-parser'

/** The input of `toXml`: an array repeats its element, `undefined` omits it. */
export type XmlValue =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlValue[]
  | { readonly [name: string]: XmlValue }

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
}

const ENTITIES = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  // A key may begin or end with a space.
  trimValues: false,
  // The parser's default decoder does not decode numeric references, or else accepts HTML entities
  // too.
  entityDecoder: {
    decode: decodeReferences,
    reset: () => undefined,
    setXmlVersion: () => undefined,
    setExternalEntities: () => undefined,
    addInputEntities: () => undefined,
  },
})

/** Returns Unix ms as OSS writes times in XML: with whole seconds, which SDKs rely on. */
export function toXmlTime(time: number): string {
  return new Date(Math.floor(time / 1000) * 1000).toISOString()
}

/** Returns an XML document with one root element. */
export function toXml(root: string, value: XmlValue): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, value)}`
}

/** Parses a small XML document into plain objects; returns `undefined` if it is not well-formed. */
export function parseXml(text: string): Readonly<Record<string, unknown>> | undefined {
  if (/<!DOCTYPE|<!ENTITY/i.test(text) || XMLValidator.validate(text) !== true) return undefined
  try {
    return asRecord(parser.parse(text))
  } catch {
    // The parser throws for some documents that the validator accepts; both mean "not well-formed".
    return undefined
  }
}

function decodeReferences(text: string): string {
  return text.replace(/&([^;]*);?/g, (_, reference: string) => {
    const character = ENTITIES.get(reference) ?? numberedCharacter(reference)
    if (character === undefined) throw new Error('Not well-formed')
    return character
  })
}

// Allows the characters of XML 1.0 (Char) and control characters, which a key may contain.
function numberedCharacter(reference: string): string | undefined {
  const [, decimal, hex = ''] = /^#(?:(\d+)|x([\da-fA-F]+))$/.exec(reference) ?? []
  const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
  const isAllowed =
    (code >= 0x1 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff)
  return isAllowed ? String.fromCodePoint(code) : undefined
}

/**
 * Returns the child elements of a value, `{}` for an empty element, or `undefined` if it is not an
 * element with children.
 */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value === 'string' && value.trim() === '') return {}
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined
}

/** Returns the trimmed text of an element without children, or `undefined`. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value.trim() : undefined
}

/** Returns one child or several as an array. */
export function asList(value: unknown): readonly unknown[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}

function element(name: string, value: XmlValue): string {
  if (value === undefined) return ''
  if (isList(value)) return value.map((item) => element(name, item)).join('')
  if (typeof value !== 'object') return `<${name}>${escapeXml(String(value))}</${name}>`
  const children = Object.entries(value).map(([child, item]) => element(child, item))
  return `<${name}>${children.join('')}</${name}>`
}

function isList(value: XmlValue): value is readonly XmlValue[] {
  return Array.isArray(value)
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? character)
}
