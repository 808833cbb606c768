import type { MessageId, MessageValues } from '../i18n/i18n'

/** Why a transfer failed, in sentences of either language. */
export interface Failure {
  /** Stable: the code of the functions or of the client. */
  code: string
  title: MessageId
  /** What to do next. */
  advice?: MessageId
  values: MessageValues
  /** What a developer may look for: codes and request ids of OSS and of the functions. */
  trace: readonly string[]
}
