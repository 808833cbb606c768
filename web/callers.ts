import { type Caller, type CallFunction, callAs } from './api'
import { chosenIn, showChoices } from './choices'
import { announce, byId } from './dom'
import { type Callers, loadCallers, saveCallers } from './storage'

/**
 * Shows the callers and returns a function that reads the chosen one; `onChange` is called after
 * each choice and sign-in.
 */
export function startCallers(onChange: () => void): () => { sub: string; call: CallFunction } {
  const fieldset = byId('callers', HTMLFieldSetElement)
  const form = byId('sign-in', HTMLFormElement)
  let callers = loadCallers()
  let calls = new Map<string, CallFunction>()
  fieldset.addEventListener('change', () => {
    callers = { ...callers, chosen: chosenIn(fieldset) }
    saveCallers(callers)
    onChange()
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    callers = withCaller(callers, readCaller(form))
    calls = new Map()
    saveCallers(callers)
    form.reset()
    showCallers(fieldset, callers)
    announce(`Signed in as ${callers.chosen}`)
    onChange()
  })
  showCallers(fieldset, callers)
  byId('another-caller', HTMLDetailsElement).open = matchMedia('(min-width: 54rem)').matches
  // A retry after a new sign-in uses the new one: every call looks up the caller.
  const callOf = (sub: string): CallFunction => {
    const call = calls.get(sub) ?? callAs(findCaller(callers, sub))
    calls.set(sub, call)
    return call
  }
  return () => {
    const sub = callers.chosen
    return { sub, call: (...args) => callOf(sub)(...args) }
  }
}

function readCaller(form: HTMLFormElement): Caller {
  const data = new FormData(form)
  return { sub: String(data.get('sub')).trim(), pro: data.has('pro') }
}

function withCaller({ known, chosen }: Callers, caller: Caller): Callers {
  if (caller.sub === '') return { known, chosen }
  const others = known.filter(({ sub }) => sub !== caller.sub)
  return { known: [...others, caller], chosen: caller.sub }
}

function findCaller({ known }: Callers, sub: string): Caller {
  return known.find((caller) => caller.sub === sub) ?? { sub, pro: false }
}

function showCallers(fieldset: HTMLFieldSetElement, { known, chosen }: Callers): void {
  const choices = known.map(({ sub, pro }) => ({
    value: sub,
    label: sub,
    note: pro ? 'pro plan' : 'free plan',
  }))
  showChoices(fieldset, choices, chosen)
}
