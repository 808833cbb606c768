type Child = Node | string

/** A new element with these attributes and children; text stays text, never markup. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}

/** A new push button that runs `action`. */
export function button(label: string, action: () => void): HTMLButtonElement {
  const element = el('button', { type: 'button' }, label)
  element.addEventListener('click', action)
  return element
}

/** The page's element of this id and kind; throws when the page has none. */
export function byId<T extends HTMLElement>(id: string, kind: new () => T): T {
  const element = document.getElementById(id)
  if (element instanceof kind) return element
  throw new Error(`The page has no ${kind.name} #${id}`)
}

/** Tells a screen reader what has changed. */
export function announce(sentence: string): void {
  byId('announcer', HTMLElement).textContent = sentence
}
