import {
  ask,
  type Bytes,
  type FormAnswer,
  type Problem,
  type StsAnswer,
  token,
  type UrlAnswer,
} from '../e2e/client'
import { share } from '../share'
import { until } from '../support/until'
import { openWorld, store, type World } from './world'

export const FILE: Bytes = Buffer.from('hello')
export const TYPE = 'text/plain'

/** An upload whose object is there, while its callback has yet to come. */
export type Upload = { bucket: string; key: string; file: Bytes; type: string; ticket: string }

/** One world for the tests of a file, and what attackers in it are granted, do and get. */
export function shareAttacks() {
  const world = share(() => openWorld('function'))
  return {
    world,
    ...grantsIn(world),
    refusal: (answer: Response) => refusal(world(), answer),
    eventsOf: (key: string) => world().sink.events.filter(({ subject }) => subject === key),
  }
}

function grantsIn(world: () => World) {
  async function grant<Body>(path: string, wish: object, sub: string): Promise<Body> {
    const { info } = world()
    return (await ask<Body>(info, path, wish, await token(info, sub))).body
  }
  const grantForm = (filename: string, sub = 'alice', rule = 'media') => {
    const wish = { rule, filename, contentType: rule === 'avatar' ? 'image/png' : TYPE }
    return grant<FormAnswer>('/post-policy', wish, sub)
  }
  const grantUrl = (filename: string, contentType = TYPE) => {
    const wish = { rule: 'media', operation: 'put', filename, contentType, contentLength: 5 }
    return grant<UrlAnswer>('/signed-url', wish, 'alice')
  }
  const grantSts = (sub = 'alice', access = 'write') =>
    grant<StsAnswer>('/sts', { rule: 'media', access }, sub)
  const storedUpload = async (filename: string, sub = 'alice'): Promise<Upload> => {
    const { key, fields } = await grantForm(filename, sub)
    await store(world().info, key, FILE, TYPE)
    const { bucket } = world().info
    return { bucket, key, file: FILE, type: TYPE, ticket: fields['x:ticket'] ?? '' }
  }
  return { grantForm, grantUrl, grantSts, storedUpload }
}

const REASON = /"event":"refused".*"path":"\/upload-callback".*"reason":"(\w+)"/

// Sees the dull 403 that tells nothing, and answers the reason in the log.
async function refusal({ lines }: World, answer: Response): Promise<string> {
  expect(answer.status).toBe(403)
  const problem = (await answer.json()) as Problem
  expect({ ...problem, requestId: '' }).toEqual({
    type: 'urn:oss-direct:problem:callback_rejected',
    title: 'Callback rejected',
    status: 403,
    detail: 'This upload could not be proven.',
    code: 'callback_rejected',
    requestId: '',
  })
  const logged = () => lines.find((line) => line.includes(problem.requestId) && REASON.test(line))
  await until(() => logged() !== undefined)
  return REASON.exec(logged() ?? '')?.[1] ?? ''
}
