/** Shows a text as it is, to the byte. */
export function Code({ title, children }: { title?: string; children: string }) {
  return (
    <figure class="code">
      {title && <figcaption>{title}</figcaption>}
      <pre dir="ltr">{children}</pre>
    </figure>
  )
}

/** Returns JSON on several lines; any other text as it is. */
export function indent(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    // Not JSON: shown as it came.
    return text
  }
}
