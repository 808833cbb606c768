/** One block of a Markdown page. */
export type Block = { kind: string; text: string }

/** The blocks from one heading to the next. */
export type Section = { title: string; blocks: Block[] }

const BLOCK =
  /^```(?<language>\w+)\n(?<code>[\s\S]*?)^```$|^(?<level>#+) (?<title>.+)$|^(?<row>\|.+)$|^(?<item>- .+(?:\n .+)*)|^(?<paragraph>\S.*(?:\n(?!```|#|- |\|).+)*)/gm

/** Returns the blocks of a page in their order, each with its kind: `heading 2`, `code sh`, `row of 3`, `item`, `paragraph`. */
export function readBlocks(page: string): Block[] {
  return Array.from(page.matchAll(BLOCK), ({ groups = {} }) => {
    const { language, code = '', level, title = '', row, item, paragraph = '' } = groups
    if (language !== undefined) return { kind: `code ${language}`, text: code }
    if (level !== undefined) return { kind: `heading ${level.length}`, text: title }
    if (row !== undefined) return { kind: `row of ${row.split(/(?<!\\)\|/).length - 2}`, text: row }
    if (item !== undefined) return { kind: 'item', text: item }
    return { kind: 'paragraph', text: paragraph }
  })
}

/** Returns the sections of a page: the first has the title of the page. */
export function sectionsOf(page: string): Section[] {
  const sections: Section[] = []
  for (const block of readBlocks(page)) {
    if (block.kind.startsWith('heading')) sections.push({ title: block.text, blocks: [] })
    else sections.at(-1)?.blocks.push(block)
  }
  return sections
}

/** Returns the text of a section that is not code, as it is written. */
export function proseOf({ blocks }: Section): string {
  const prose = blocks.filter(({ kind }) => !kind.startsWith('code'))
  return prose.map(({ text }) => text).join('\n')
}

/** Returns the targets of the links to other files and headings, in their order. */
export function linksOf(text: string): string[] {
  return Array.from(text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g), ([, link = '']) => link)
}

/** Returns the anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(page: string): string[] {
  return Array.from(page.matchAll(/^#+ (.+)$/gm), ([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
      .replaceAll(' ', '-'),
  )
}
