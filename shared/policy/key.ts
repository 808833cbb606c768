import { Refusal } from '../errors'
import { findNameProblem } from './name'
import { toSegment } from './subject'
import { fillTemplate, fitsTemplate, type Template, type Values } from './template'

type File = { sub: string; filename: string; uuid: string; now: number }

/** The key for a caller's file; throws `key_invalid` when the name can't become one. */
export function buildKey(template: Template, { sub, filename, uuid, now }: File): string {
  const path = filename.normalize('NFC')
  refuseProblem(findNameProblem(path))
  const ext = /\.([a-z0-9]{1,16})$/.exec(path.toLowerCase())?.[1] ?? ''
  if (ext === '' && template.text.includes('{ext}')) {
    refuseProblem('it needs an extension of letters and digits')
  }
  const key = fillTemplate(template.text, { ...toStable(sub, now), uuid, ext, path })
  refuseProblem(findNameProblem(key))
  return key
}

/** The prefix that holds a caller's objects today, and nobody else's if the template isolates. */
export function buildPrefix(template: Template, sub: string, now: number): string {
  return fillTemplate(template.prefixText, { ...toStable(sub, now), uuid: '', ext: '', path: '' })
}

/** Lets a key pass that this template can make for this caller; refuses every other. */
export function checkOwnKey(template: Template, sub: string, key: string): void {
  refuseProblem(findNameProblem(key))
  if (!fitsTemplate(template, sub, key)) throw new Refusal('key_outside_prefix')
}

function toStable(sub: string, now: number): Pick<Values, 'sub' | 'yyyy' | 'mm' | 'dd'> {
  const date = new Date(now * 1000).toISOString()
  return {
    sub: toSegment(sub),
    yyyy: date.slice(0, 4),
    mm: date.slice(5, 7),
    dd: date.slice(8, 10),
  }
}

function refuseProblem(problem: string | undefined): void {
  if (problem !== undefined) throw new Refusal('key_invalid', { problem })
}
