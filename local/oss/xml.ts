import { XMLParser, XMLValidator } from 'fast-xml-parser'

/** A tree that `toXml` prints: lists repeat their element, `undefined` leaves it out. */
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

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  // A key may begin or end with a space.
  trimValues: false,
  processEntities: true,
})

/** An XML document with one root element. */
export function toXml(root: string, value: XmlValue): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, value)}`
}

/** Parses a small XML document into plain objects, or `undefined` when it isn't one. */
export function parseXml(text: string): Readonly<Record<string, unknown>> | undefined {
  if (/<!DOCTYPE|<!ENTITY/i.test(text) || XMLValidator.validate(text) !== true) return undefined
  try {
    return asRecord(parser.parse(text))
  } catch {
    // The parser throws for what the validator let through; both mean "not well-formed".
    return undefined
  }
}

/** The value as an object of children; an empty element has none. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value === 'string' && value.trim() === '') return {}
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined
}

/** The text of an element that has no children, blanks around it left out. */
export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value.trim() : undefined
}

/** One child or several alike as a list. */
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
