import type { Signal } from '@preact/signals'
import type { OssDirect, RuleDescription, StoredFile } from '../../client'

/** A stored file and what it is in. */
export interface FileProps {
  oss: OssDirect
  rule: RuleDescription
  file: StoredFile
  /** The folder in the rule's own; '' for that one. */
  path: string
  /** What came of the latest action. */
  note: Signal<Note | undefined>
}

/** What is to be said of one stored file. */
export type Note =
  | { kind: 'gone' | 'not-an-image' | 'no-answer' }
  | { kind: 'failed'; error: unknown }
  /** `url` is there where it could not be copied. */
  | { kind: 'link'; expiresAt: string; seconds: number; url?: string }
