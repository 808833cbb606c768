import type { Mechanism } from './mechanisms/mechanisms'

/** What this page says about a rule; the functions alone decide. */
export type RuleNote = { name: string; note: string; mechanisms: readonly Mechanism[] }

const SHIPPED: readonly RuleNote[] = [
  {
    name: 'avatar',
    note: 'PNG, JPEG or WebP, at most 5 MiB.',
    mechanisms: ['url', 'form'],
  },
  {
    name: 'documents',
    note: 'PDF or images, at most 2 GiB. Callers on the pro plan only.',
    mechanisms: ['url', 'sts'],
  },
]

const RULE_NAME = /^[A-Za-z][\w-]{0,63}$/

/** The rules on offer: those named in the page's address (`?rules=media,reports`), then the shipped ones. */
export function offeredRules(search: string): RuleNote[] {
  const named = (new URLSearchParams(search).get('rules') ?? '').split(',')
  const names = new Set(named.map((name) => name.trim()).filter((name) => RULE_NAME.test(name)))
  const others = SHIPPED.filter(({ name }) => !names.has(name))
  return [...[...names].map(toNote), ...others]
}

function toNote(name: string): RuleNote {
  const shipped = SHIPPED.find((each) => each.name === name)
  return shipped ?? { name, note: 'From your own rules.', mechanisms: ['url', 'form', 'sts'] }
}
