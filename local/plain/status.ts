import type { InspectedRequest } from '../inspect'
import type { Status } from './pages'
import type { SentenceName } from './sentences'

const OSS_REFUSALS: Readonly<Record<string, SentenceName>> = {
  EntityTooLarge: 'tooLarge',
  EntityTooSmall: 'tooSmall',
  FileAlreadyExists: 'exists',
}

const REFUSALS: Readonly<Record<string, SentenceName>> = {
  invalid_request: 'invalid',
  invalid_key: 'invalidName',
  file_type_not_allowed: 'typeNotAllowed',
  not_allowed: 'notAllowed',
}

/** Returns what the latest form for a key came to. */
export function toStatus(requests: readonly InspectedRequest[] = []): Status {
  const form = requests.findLast(({ operation }) => operation === 'PostObject')
  if (!form) return { sentence: 'waiting', look: 'waiting' }
  const { status, code = String(status), callbacks } = form
  // OSS answers 203 where the object is stored and the callback failed (OSS: Callback).
  if (status === 203) return { sentence: 'unproven', look: 'bad' }
  if (status < 300) return { sentence: callbacks.length > 0 ? 'proven' : 'stored', look: 'good' }
  return { sentence: nameOf(code, OSS_REFUSALS) ?? 'refused', look: 'bad', values: { code } }
}

/** Returns why the functions did not sign a form. */
export function toRefusal(code: string, type: string): Status {
  return { sentence: nameOf(code, REFUSALS) ?? 'failed', look: 'bad', values: { code, type } }
}

function nameOf(
  code: string,
  names: Readonly<Record<string, SentenceName>>,
): SentenceName | undefined {
  return Object.hasOwn(names, code) ? names[code] : undefined
}
