import {
  ask,
  type Bytes,
  type FormAnswer,
  type Problem,
  type StsAnswer,
  token,
  type UrlAnswer,
} from '../../e2e/support/client'
import { until } from '../../support/until'
import { type Deployment, shareDeployment, store } from './deployment'

export const FILE: Bytes = Buffer.from('hello')
export const TYPE = 'text/plain'

/** An upload whose object is there, while its callback has yet to come. */
type Upload = { bucket: string; key: string; file: Bytes; type: string; ticket: string }

/** One deployment for the tests of a file, and what attackers in it are granted, do and get. */
export function shareAttacks() {
  const deployment = shareDeployment('function')
  return {
    deployment,
    ...grantsIn(deployment),
    refusal: (answer: Response) => refusal(deployment(), answer),
    eventsOf: (key: string) => deployment().sink.events.filter(({ subject }) => subject === key),
  }
}

function grantsIn(deployment: () => Deployment) {
  async function grant<Body>(path: string, request: object, sub: string): Promise<Body> {
    const { info } = deployment()
    return (await ask<Body>(info, path, request, await token(info, sub))).body
  }
  const grantForm = (filename: string, sub = 'alice', rule = 'media') => {
    const request = { rule, filename, contentType: rule === 'avatar' ? 'image/png' : TYPE }
    return grant<FormAnswer>('/post-policy', request, sub)
  }
  const grantUrl = (filename: string, contentType = TYPE) => {
    const request = { rule: 'media', operation: 'put', filename, contentType, contentLength: 5 }
    return grant<UrlAnswer>('/signed-url', request, 'alice')
  }
  const grantSts = (sub = 'alice', access = 'write') =>
    grant<StsAnswer>('/sts', { rule: 'media', access }, sub)
  const storedUpload = async (filename: string, sub = 'alice'): Promise<Upload> => {
    const { key, fields } = await grantForm(filename, sub)
    await store(deployment().info, key, FILE, TYPE)
    const { bucket } = deployment().info
    return { bucket, key, file: FILE, type: TYPE, ticket: fields['x:ticket'] ?? '' }
  }
  return { grantForm, grantUrl, grantSts, storedUpload }
}

const REASON = /"event":"refused".*"path":"\/upload-callback".*"reason":"(\w+)"/

const CODES = {
  callback_rejected: [403, 'Callback rejected'],
  upload_size_rejected: [413, 'Upload size rejected'],
  upload_type_rejected: [415, 'Upload type rejected'],
  upload_name_rejected: [422, 'Upload name rejected'],
} as const

// Sees a problem that says no more than the kind of its status, and returns the reason in the log.
async function refusal({ lines }: Deployment, answer: Response): Promise<string> {
  const problem = (await answer.json()) as Problem
  const [status, title] = CODES[problem.code as keyof typeof CODES]
  expect(answer.status).toBe(status)
  const type = `urn:oss-direct:problem:${problem.code}`
  const said = { type, title, status, detail: expect.any(String), code: problem.code }
  expect({ ...problem, requestId: '' }).toEqual({ ...said, requestId: '' })
  const logged = () => lines.find((line) => line.includes(problem.requestId) && REASON.test(line))
  await until(() => logged() !== undefined)
  return REASON.exec(logged() ?? '')?.[1] ?? ''
}
