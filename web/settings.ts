import type { CallFunction } from './api'
import { startCallers } from './callers'
import { chosenIn, showChoices } from './choices'
import { byId } from './dom'
import { isMechanism, MECHANISMS, type Mechanism } from './mechanisms/mechanisms'
import type { RuleNote } from './rules'

/** The user's choices for the next upload. */
export type Settings = { sub: string; call: CallFunction; rule: string; mechanism: Mechanism }

/**
 * Fills the choices and returns a function that reads them; `onCaller` is called with the caller at
 * the start and after each change.
 */
export function startSettings(
  offered: readonly RuleNote[],
  onCaller: (settings: Settings) => void,
): () => Settings {
  const currentCaller = startCallers(() => {
    showSummary()
    onCaller(read())
  })
  const currentRule = startRules(offered, () => showSummary())
  const read = () => ({ ...currentCaller(), ...currentRule() })
  const showSummary = () => {
    const { sub, rule, mechanism } = read()
    const how = MECHANISMS[mechanism].label
    const choice = rule === '' ? 'No rule takes uploads' : `As ${sub}, rule ${rule}, by ${how}`
    byId('choice', HTMLElement).textContent = choice
  }
  showSummary()
  onCaller(read())
  return read
}

function startRules(
  offered: readonly RuleNote[],
  onChange: () => void,
): () => { rule: string; mechanism: Mechanism } {
  const rules = byId('rules', HTMLFieldSetElement)
  const mechanisms = byId('mechanisms', HTMLFieldSetElement)
  const showAllowed = () => {
    const rule = offered.find(({ name }) => name === chosenIn(rules))
    showMechanisms(mechanisms, rule?.mechanisms ?? [])
  }
  rules.addEventListener('change', () => {
    showAllowed()
    onChange()
  })
  mechanisms.addEventListener('change', onChange)
  const choices = offered.map(({ name, note }) => ({ value: name, label: name, note }))
  showChoices(rules, choices, choices[0]?.value ?? '')
  showAllowed()
  return () => ({ rule: chosenIn(rules), mechanism: chosenMechanism(mechanisms) })
}

// A mechanism that a rule does not allow can still be chosen, to see how the functions refuse it.
function showMechanisms(fieldset: HTMLFieldSetElement, allowed: readonly Mechanism[]): void {
  const before = chosenMechanism(fieldset)
  const chosen = allowed.includes(before) ? before : (allowed[0] ?? before)
  const choices = Object.entries(MECHANISMS).map(([value, { label, note }]) => {
    const isOff = !(isMechanism(value) && allowed.includes(value))
    return { value, label, note: isOff ? 'Not in this rule.' : note, isOff }
  })
  showChoices(fieldset, choices, chosen)
}

function chosenMechanism(fieldset: HTMLFieldSetElement): Mechanism {
  const chosen = chosenIn(fieldset)
  return isMechanism(chosen) ? chosen : 'url'
}
