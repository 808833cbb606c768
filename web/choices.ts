import { el } from './dom'

/** One choice; `isOff` marks one that can be chosen but is likely to be refused. */
export type Choice = { value: string; label: string; note?: string; isOff?: boolean }

/** Fills a fieldset with one radio button per choice and checks `chosen`. */
export function showChoices(
  fieldset: HTMLFieldSetElement,
  choices: readonly Choice[],
  chosen: string,
): void {
  const legend = fieldset.querySelector('legend')
  const radios = choices.map((choice) => toRadio(fieldset.id, choice, chosen))
  fieldset.replaceChildren(...(legend ? [legend] : []), ...radios)
}

/** Returns the checked value of a fieldset, `''` for none. */
export function chosenIn(fieldset: HTMLFieldSetElement): string {
  return fieldset.querySelector<HTMLInputElement>('input:checked')?.value ?? ''
}

function toRadio(name: string, { value, label, note, isOff }: Choice, chosen: string): HTMLElement {
  const input = el('input', { type: 'radio', name, value })
  input.checked = value === chosen
  const words = el('span', {}, el('span', { class: 'label' }, label))
  if (note) words.append(' ', el('small', {}, note))
  return el('label', { class: isOff ? 'choice off' : 'choice' }, input, words)
}
