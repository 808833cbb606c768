import { Refusal } from '../errors'
import { toSegment } from '../rules/subject'
import { fillParts, fitsTemplate, type Placeholder, type Template } from '../rules/template'
import { findNameProblem } from './name'

type File = { sub: string; filename: string; uuid: string; now: number }

const VALUES = {
  sub: ({ sub }) => toSegment(sub),
  uuid: ({ uuid }) => uuid,
  ext: ({ filename }) => toExtension(filename),
  path: ({ filename }) => filename,
  yyyy: ({ now }) => toDate(now).slice(0, 4),
  mm: ({ now }) => toDate(now).slice(5, 7),
  dd: ({ now }) => toDate(now).slice(8, 10),
} as const satisfies Record<Placeholder, (file: File) => string>

/** The key for a caller's file of a normalised name; throws `key_invalid` when that can't become one. */
export function buildKey({ parts }: Template, file: File): string {
  const key = fill(parts, file)
  refuseProblem(findNameProblem(key))
  return key
}

/** The prefix that holds a caller's objects today, and nobody else's if the template isolates. */
export function buildPrefix({ prefixParts }: Template, sub: string, now: number): string {
  return fill(prefixParts, { sub, now, filename: '', uuid: '' })
}

/** The folder that holds all objects of a caller, and nobody else's if the template isolates. */
export function buildOwnFolder({ ownParts }: Template, sub: string, now: number): string {
  return fill(ownParts, { sub, now, filename: '', uuid: '' })
}

function fill(parts: Template['parts'], file: File): string {
  return fillParts(parts, (placeholder) => VALUES[placeholder](file))
}

function toExtension(filename: string): string {
  const extension = /\.([a-z0-9]{1,16})$/.exec(filename.toLowerCase())?.[1]
  if (extension !== undefined) return extension
  throw new Refusal('key_invalid', { problem: 'it needs an extension of letters and digits' })
}

function toDate(now: number): string {
  return new Date(now * 1000).toISOString()
}

/** What a key of this template has in the place of the file name: all of it where that is `{path}`. */
export function toFilename({ text }: Template, key: string): string {
  const folders = text.split('/').length - 1
  return key.split('/').slice(folders).join('/')
}

/** Lets a key pass that this template can make for this caller; refuses every other. */
export function checkOwnKey(template: Template, sub: string, key: string): void {
  refuseProblem(findNameProblem(key))
  if (!fitsTemplate(template, sub, key)) throw new Refusal('key_outside_prefix')
}

/** Throws `key_invalid` where a name has a problem. */
export function refuseProblem(problem: string | undefined): void {
  if (problem !== undefined) throw new Refusal('key_invalid', { problem })
}
