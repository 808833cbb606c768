/** Returns the width of the terminal, or of `COLUMNS`; infinite for output that goes elsewhere. */
export function outputWidth(): number {
  return Number(process.env.COLUMNS) || process.stdout.columns || Number.POSITIVE_INFINITY
}

const MIN_WIDTH = 20

/**
 * Wraps a text at its spaces to this width; the lines after the first are indented. A word that is longer than a line
 * stays whole, so that it can be copied.
 */
export function wrap(text: string, { width, indent }: { width: number; indent: number }): string {
  const room = Math.max(width - indent, MIN_WIDTH)
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= room) {
      lines[lines.length - 1] = `${last} ${word}`
    } else lines.push(word)
  }
  return lines.join(`\n${' '.repeat(indent)}`)
}
