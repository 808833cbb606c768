import type { Finding } from '../findings'
import { BY_CODE, BY_EC, type Cause } from './causes'
import { type ErrorFields, explainMismatch } from './mismatch'

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
}

/** Returns the members of an error in XML; `undefined` for another text. */
export function readXmlError(text: string): ErrorFields | undefined {
  if (!/<Error[\s>]/.test(text)) return undefined
  const pairs = Array.from(
    text.matchAll(/<(\w+)>([^<]*)<\/\1>/g),
    ([, name = '', value = '']) => [name, decode(value)] as const,
  )
  return Object.fromEntries(pairs)
}

function decode(value: string): string {
  return value.replace(
    /&(?:(amp|lt|gt|quot|apos)|#(x[0-9a-f]{1,5}|\d{1,6}));/gi,
    (whole, name, code) => {
      if (name) return ENTITIES[name.toLowerCase()] ?? whole
      const point = Number(code.toLowerCase().startsWith('x') ? `0${code}` : code)
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole
    },
  )
}

/** Explains an error; with the secret of its key, a signature that does not match line by line. */
export function explainError(fields: ErrorFields, secret?: string): Finding[] {
  const { Code = '', EC = '', Message = '' } = fields
  const subject = [Code, EC && `(${EC})`].filter(Boolean).join(' ')
  const cause = BY_EC[EC] ?? BY_CODE[Code] ?? BY_CODE[Code.replace(/\..*/, '')]
  if (!cause) {
    const what = Message || 'is not in the list of known errors'
    return [{ state: 'unknown', subject, what, fix: `look it up: ${lookUp(EC)}` }]
  }
  return [toFinding(subject, cause, Message), ...explainMismatch(fields, secret)]
}

function toFinding(subject: string, { what, fix }: Cause, message: string): Finding {
  return { state: 'wrong', subject, what, ...(message && { why: `message: ${message}` }), fix }
}

/** Explains an EC or a code alone; `undefined` for another text. */
export function explainCode(text: string): Finding[] | undefined {
  if (/^\d{4}-\d{8}$/.test(text)) {
    const cause = BY_EC[text]
    if (cause) return [toFinding(text, cause, '')]
    return [
      {
        state: 'unknown',
        subject: text,
        what: 'is not in the list of known errors',
        fix: `look it up: ${lookUp(text)}`,
      },
    ]
  }
  const cause = Object.hasOwn(BY_CODE, text) ? BY_CODE[text] : undefined
  return cause && [toFinding(text, cause, '')]
}

function lookUp(ec: string): string {
  return /^\d{4}-\d{8}$/.test(ec)
    ? `https://help.aliyun.com/en/oss/user-guide/${ec}`
    : 'https://api.alibabacloud.com/troubleshoot'
}
