type Child = Node | string

/** Creates an element with these attributes and children; strings become text, never markup. */
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

/** Creates a button that runs `action`. */
export function button(label: string, action: () => void): HTMLButtonElement {
  const element = el('button', { type: 'button' }, label)
  element.addEventListener('click', action)
  return element
}

/** Returns the page's element with this id and type; throws if there is none. */
export function byId<T extends HTMLElement>(id: string, kind: new () => T): T {
  const element = document.getElementById(id)
  if (element instanceof kind) return element
  throw new Error(`The page has no ${kind.name} #${id}`)
}

/** Announces a change to screen readers. */
export function announce(sentence: string): void {
  byId('announcer', HTMLElement).textContent = sentence
}
