/** What a command ended with and what it wrote. */
export interface Outcome {
  status: number
  stdout: string
  stderr: string
}

/**
 * Runs a command in this process, which takes a tenth of a process of its own; `env` is added to the environment. Its output
 * is as wide as it comes. That the commands start as processes is for test/local/bin and test/tools/command-line to show.
 */
export async function runCommand(
  command: () => Promise<number>,
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const before = process.env
  const written = { stdout: '', stderr: '' }
  const toStdout = (line: unknown) => {
    written.stdout += line
    return true
  }
  const spies = [
    jest.spyOn(console, 'log').mockImplementation((line) => void toStdout(`${line}\n`)),
    jest.spyOn(process.stdout, 'write').mockImplementation(toStdout),
    jest.spyOn(console, 'error').mockImplementation((line) => {
      written.stderr += `${line}\n`
    }),
  ]
  process.env = { ...before, COLUMNS: '', ...env }
  try {
    const status = await command()
    return { status, ...written }
  } finally {
    process.env = before
    for (const spy of spies) spy.mockRestore()
  }
}
