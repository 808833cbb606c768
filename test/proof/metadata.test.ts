import type OSS from 'ali-oss'
import {
  aliOssCallback,
  ask,
  type Bytes,
  type FormAnswer,
  type StsAnswer,
  sendForm,
  stsClient,
  token,
} from '../e2e/support/client'
import { until } from '../support/until'
import { pass, shareDeployment } from './support/deployment'

// OSS stores fields that no condition of a form mentions, and whatever STS credentials send.

const deployment = shareDeployment('function')

const FILE: Bytes = Buffer.from('hello')
const TYPE = 'text/plain'

async function postForm(rule: string, filename: string, added: Record<string, string>) {
  const request = { rule, filename, contentType: TYPE, ...(rule === 'titled' && TITLED) }
  const { body } = await ask<FormAnswer>(deployment().info, '/post-policy', request, await alice())
  return sendForm({ ...body, fields: { ...body.fields, ...added } }, FILE)
}

const TITLED = { metadata: { title: 'Hello' } }

function alice(): Promise<string> {
  return token(deployment().info, 'alice')
}

async function lend(rule: string): Promise<StsAnswer> {
  const request = { rule, access: 'write' }
  return (await ask<StsAnswer>(deployment().info, '/sts', request, await alice())).body
}

/** The keys that events tell of, of the files with these names. */
function keysOfEvents(...names: string[]): (string | undefined)[] {
  const keys = deployment().sink.events.map(({ subject }) => subject)
  return keys.filter((key) => names.some((name) => key?.endsWith(`/${name}`)))
}

it('of a form counts as the rule names it, and no more of it', async () => {
  expect((await postForm('titled', 'good.txt', {})).status).toBe(200)
  const more = await postForm('titled', 'more.txt', { 'x-oss-meta-evil': '1' })
  expect(more.status).toBe(203)
  const none = await postForm('media', 'none.txt', { 'x-oss-meta-title': '1' })
  expect(none.status).toBe(203)
  const told = () => keysOfEvents('good.txt', 'more.txt', 'none.txt')
  await until(() => told().includes('titled/alice/good.txt'))
  expect(told()).toEqual(['titled/alice/good.txt'])
})

it.each([
  ['a longer value', { title: 'longer' }],
  ['another name', { other: '1' }],
])('of an STS user counts as the rule names it, and not with %s', async (_, meta) => {
  const lent = await lend('titled')
  const put = (name: string, stored: object) =>
    stsClient(lent).put(`${lent.prefix}${name}`, FILE, {
      callback: aliOssCallback(lent),
      mime: TYPE,
      meta: stored,
    } as unknown as OSS.PutObjectOptions)
  await put('fits.txt', { title: 'short' })
  await expect(put('bad.txt', meta)).rejects.toMatchObject({ code: 'CallbackFailed' })
})

it('that the rule does not name makes no event by the trigger either', async () => {
  const lent = await lend('titled')
  await stsClient(lent).put(`${lent.prefix}silent.txt`, FILE, {
    meta: { other: '1' },
  } as unknown as OSS.PutObjectOptions)
  const said = () =>
    deployment().lines.some((line) => /upload ignored.*silent\.txt.*object_mismatch/.test(line))
  await until(said, () => pass(deployment(), 1))
  expect(keysOfEvents('silent.txt')).toEqual([])
})
