import { type Ask, askAs, type Caller } from './api'
import { chosenIn, showChoices } from './choices'
import { announce, byId } from './dom'
import { type Callers, loadCallers, saveCallers } from './storage'

/** Shows who can upload and answers who is chosen; `onChange` hears of another choice or sign-in. */
export function startCallers(onChange: () => void): () => { sub: string; ask: Ask } {
  const fieldset = byId('callers', HTMLFieldSetElement)
  const form = byId('sign-in', HTMLFormElement)
  let callers = loadCallers()
  let asks = new Map<string, Ask>()
  fieldset.addEventListener('change', () => {
    callers = { ...callers, chosen: chosenIn(fieldset) }
    saveCallers(callers)
    onChange()
  })
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    callers = withCaller(callers, readCaller(form))
    asks = new Map()
    saveCallers(callers)
    form.reset()
    showCallers(fieldset, callers)
    announce(`Signed in as ${callers.chosen}`)
    onChange()
  })
  showCallers(fieldset, callers)
  byId('another-caller', HTMLDetailsElement).open = matchMedia('(min-width: 54rem)').matches
  // A retry after another sign-in goes by the new one: each question looks the caller up.
  const askOf = (sub: string): Ask => {
    const ask = asks.get(sub) ?? askAs(findCaller(callers, sub))
    asks.set(sub, ask)
    return ask
  }
  return () => {
    const sub = callers.chosen
    return { sub, ask: (...question) => askOf(sub)(...question) }
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
