import { outputWidth, wrap } from './wrap'

/** One thing that was looked at. */
export type Finding = {
  state: 'ok' | 'wrong' | 'unknown'
  subject: string
  /** What was found. */
  what: string
  /** Why it matters; absent where nothing is wrong. */
  why?: string
  /** What to do about it, in one line. */
  fix?: string
}

const STATE_WIDTH = 8

/** Returns findings as text to read, wrapped to this width. */
export function toText(findings: readonly Finding[], width = outputWidth()): string {
  const subject = Math.max(...findings.map((finding) => finding.subject.length)) + 2
  const indent = STATE_WIDTH + subject
  return findings
    .map((finding) => {
      const { state, what, why, fix } = finding
      const lines = [what, ...(why ? [why] : []), ...(fix ? [`fix: ${fix}`] : [])]
      const head = state.padEnd(STATE_WIDTH) + finding.subject.padEnd(subject)
      return (
        head + lines.map((line) => wrap(line, { width, indent })).join(`\n${' '.repeat(indent)}`)
      )
    })
    .join('\n')
}

/** Prints findings, as JSON where that was asked for; returns the exit status: 0 only where everything is known and right. */
export function report(findings: readonly Finding[], isJson: boolean): number {
  console.log(isJson ? JSON.stringify(findings, null, 2) : toText(findings))
  return findings.some(({ state }) => state !== 'ok') ? 1 : 0
}
