/** Says something to screen readers when they are at leisure. */
export function announce(sentence: string): void {
  const announcer = document.getElementById('announcer')
  if (announcer) announcer.textContent = sentence
}
