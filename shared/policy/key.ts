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

/** Returns the key for a file with a normalised name; throws `key_invalid` if the name can't be used in a key. */
export function buildKey({ parts }: Template, file: File): string {
  const key = fill(parts, file)
  refuseProblem(findNameProblem(key))
  return key
}

/** Returns the prefix of a caller's objects on the day of `now`; no other caller has it if the template isolates. */
export function buildPrefix({ prefixParts }: Template, sub: string, now: number): string {
  return fill(prefixParts, { sub, now, filename: '', uuid: '' })
}

/** Returns the folder of all objects of a caller; no other caller has it if the template isolates. */
export function buildOwnFolder({ ownParts }: Template, sub: string, now: number): string {
  return fill(ownParts, { sub, now, filename: '', uuid: '' })
}

function fill(parts: Template['parts'], file: File): string {
  return fillParts(parts, (placeholder) => VALUES[placeholder](file))
}

function toExtension(filename: string): string {
  const extension = /\.([a-z0-9]{1,16})$/.exec(filename.toLowerCase())?.[1]
  if (extension !== undefined) return extension
  throw new Refusal('key_invalid', {
    problem: 'it requires an extension of 1 to 16 letters and digits',
  })
}

function toDate(now: number): string {
  return new Date(now * 1000).toISOString()
}

/** Returns the part of a key in the place of the file name; the whole path where the template has `{path}`. */
export function toFilename({ text }: Template, key: string): string {
  const folders = text.split('/').length - 1
  return key.split('/').slice(folders).join('/')
}

/** Accepts a key that this template can produce for this caller; throws `key_invalid` or `key_outside_prefix` for any other. */
export function checkOwnKey(template: Template, sub: string, key: string): void {
  refuseProblem(findNameProblem(key))
  if (!fitsTemplate(template, sub, key)) throw new Refusal('key_outside_prefix')
}

/** Throws `key_invalid` if there is a problem. */
export function refuseProblem(problem: string | undefined): void {
  if (problem !== undefined) throw new Refusal('key_invalid', { problem })
}
