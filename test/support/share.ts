/** Opens a thing before all tests of a file and closes it after them; answers it while they run. */
export function share<Thing extends { close: () => Promise<unknown> }>(
  open: () => Promise<Thing>,
): () => Thing {
  let opened: Thing | undefined
  beforeAll(async () => {
    opened = await open()
  }, 60_000)
  afterAll(() => opened?.close())
  return () => {
    if (opened === undefined) throw new Error('It is open only while tests and their hooks run')
    return opened
  }
}
