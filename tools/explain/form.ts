import { parseJson } from '../../shared/text'
import type { Finding } from '../findings'

/** The fields of a form, as `/post-policy` answers them. */
export type FormFields = Readonly<Record<string, string>>

// What no condition has to name (OSS: PostObject, policy).
const FREE =
  /^(?:policy|file|x-oss-signature|Signature|OSSAccessKeyId|submit|x-oss-security-token|callback|x:.*)$/i

/** Explains a form: whether its policy can be read, has expired, and is met by the fields. */
export function explainForm(fields: FormFields, now: number): Finding[] {
  const policy: unknown = parseJson(Buffer.from(fields.policy ?? '', 'base64').toString())
  const { expiration, conditions } = Object(policy) as Record<string, unknown>
  if (typeof expiration !== 'string' || !Array.isArray(conditions)) {
    const fix = 'send the field policy as it was answered'
    return [
      {
        state: 'wrong',
        subject: 'policy',
        what: 'is no JSON in base64 with expiration and conditions',
        fix,
      },
    ]
  }
  const isOver = !(Date.parse(expiration) / 1000 > now)
  const broken = conditions.flatMap((condition) => findIssue(condition, fields))
  const named = conditions.map(nameOf)
  const extra = Object.keys(fields).filter(
    (name) => !FREE.test(name) && !named.includes(name.toLowerCase()),
  )
  return [
    isOver
      ? {
          state: 'wrong',
          subject: 'lifetime',
          what: `ended at ${expiration}`,
          fix: 'ask for a new form just before it is sent',
        }
      : { state: 'ok', subject: 'lifetime', what: `ends at ${expiration}` },
    ...broken,
    ...extra.map((name): Finding => {
      const fix = 'remove it from the form'
      return {
        state: 'wrong',
        subject: name,
        what: 'is a field that the policy does not name',
        fix,
      }
    }),
    ...(broken.length + extra.length > 0
      ? []
      : [
          {
            state: 'ok',
            subject: 'fields',
            what: 'are as the policy has them; it limits the file, too',
          } as const,
        ]),
  ]
}

function nameOf(condition: unknown): string {
  const [mode, field] = Array.isArray(condition)
    ? condition
    : ['eq', Object.keys(Object(condition))[0]]
  return mode === 'content-length-range' ? '' : String(field).replace(/^\$/, '').toLowerCase()
}

function findIssue(condition: unknown, fields: FormFields): Finding[] {
  const [mode, , expected] = Array.isArray(condition)
    ? condition
    : ['eq', '', Object.values(Object(condition))[0]]
  const name = nameOf(condition)
  if (mode === 'content-length-range' || name === 'bucket' || name === 'file') return []
  const [, actual] = Object.entries(fields).find(([each]) => each.toLowerCase() === name) ?? []
  const fix = 'send the field as it was answered, before the file'
  if (actual === undefined) return [{ state: 'wrong', subject: name, what: 'is missing', fix }]
  const holds =
    mode === 'eq'
      ? actual === String(expected)
      : mode === 'starts-with'
        ? actual.startsWith(String(expected))
        : mode === 'in'
          ? [expected].flat().includes(actual)
          : mode === 'not-in'
            ? ![expected].flat().includes(actual)
            : undefined
  if (holds === true) return []
  if (holds === undefined)
    return [
      {
        state: 'unknown',
        subject: name,
        what: 'has a condition of another kind',
        fix: 'look it up in OSS: PostObject, policy',
      },
    ]
  return [{ state: 'wrong', subject: name, what: `is not as the policy has it (${mode})`, fix }]
}
