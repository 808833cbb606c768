import { randomUUID } from 'node:crypto'
import { extname } from 'node:path'
import type OSS from 'ali-oss'
import type { Rules } from '../../shared/rules/rules'
import { parseJson } from '../../shared/text'
import { exampleFile } from '../caller-report'
import type { Finding } from '../findings'
import { examineEvent } from './events'
import { type Mechanism, type TestFile, WAYS } from './upload-ways'

/** What an upload is tried with: the deployed functions, a caller's token, and a client that may delete. */
export type UploadOptions = {
  service: string
  token: string
  rules: Rules
  /** The name of the rule to upload by. */
  rule: string
  /** Of the bucket with the ledger. */
  client: OSS
  /** Of the rule's bucket. */
  objects: OSS
  /** How long an event may take. */
  eventMs: number
}

const MECHANISMS = ['url', 'form', 'sts'] as const

/** Uploads a small file by each mechanism of a rule, says whether its callback was proven and its event delivered, and deletes it. */
export async function examineUploads(options: UploadOptions): Promise<Finding[]> {
  const rule = options.rules.get(options.rule)
  if (!rule?.upload) {
    return [
      {
        state: 'wrong',
        subject: 'upload',
        what: `there is no rule ${options.rule} that uploads`,
        fix: 'name one of the rules with --upload',
      },
    ]
  }
  const example = exampleFile(rule)
  // A name that no file of the caller has: it is deleted afterwards.
  const filename = `oss-direct-doctor-${randomUUID()}${extname(example.filename)}`
  const file = { ...example, filename }
  const found: Finding[] = []
  for (const mechanism of MECHANISMS.filter((each) => rule.upload?.mechanisms.includes(each))) {
    found.push(...(await examineUpload(mechanism, file, options)))
  }
  return found
}

async function examineUpload(
  mechanism: Mechanism,
  file: TestFile,
  options: UploadOptions,
): Promise<Finding[]> {
  const subject = `upload by ${mechanism}`
  try {
    const { signed, status, text } = await WAYS[mechanism](file, options)
    if (!signed.key) {
      const what = `is refused by the functions: ${status} ${signed.code ?? ''}`.trim()
      return [
        {
          state: 'wrong',
          subject,
          what,
          fix: 'give a fresh token of a caller who may use the rule',
        },
      ]
    }
    const judged = judge(subject, status, text)
    const event = judged.state === 'ok' ? [await examineEvent(mechanism, signed.key, options)] : []
    return [judged, ...event, ...(await remove(signed.key, options))]
  } catch (error) {
    const { cause, name } = error as { name: string; cause?: { code?: string } }
    const what = `could not be tried: ${cause?.code ?? name}`
    return [
      {
        state: 'unknown',
        subject,
        what,
        fix: 'check the network, the domain of the functions and the endpoint of OSS',
      },
    ]
  }
}

function judge(subject: string, status: number, text: string): Finding {
  const answer = Object(parseJson(text)) as { status?: unknown }
  if (status === 200 && answer.status === 'ok') {
    return { state: 'ok', subject, what: 'is stored, called back and proven' }
  }
  const [, code = '', ec = ''] = /<Code>(\w+)<\/Code>(?:.*<EC>([\d-]+)<\/EC>)?/s.exec(text) ?? []
  const fix = code ? `oss-direct explain ${ec || code}` : 'look at the log of upload-callback'
  if (status === 203) {
    const why = 'the application hears of it only when the trigger reports it'
    return { state: 'wrong', subject, what: 'is stored, but its callback is not proven', why, fix }
  }
  return { state: 'wrong', subject, what: `is refused by OSS: ${status} ${code}`.trim(), fix }
}

async function remove(key: string, { objects }: UploadOptions): Promise<Finding[]> {
  try {
    await objects.delete(key)
    return []
  } catch {
    // The upload itself is judged; that its file stays is all that there is to say.
    const fix = 'delete it, or give the key oss:DeleteObject'
    return [{ state: 'unknown', subject: 'cleaning up', what: `${key} could not be deleted`, fix }]
  }
}
