import { signTicket } from '../../shared/policy/signed-ticket'
import type { Ticket } from '../../shared/policy/ticket'
import { until } from '../support/until'
import { FILE, TYPE } from './support/attack'
import { bodyOf, pass, shareDeployment, store } from './support/deployment'

// Tickets that were issued while the right was there, and come back after it is gone.
const deployment = shareDeployment('function', { DENIED_SUBJECTS: 'mallory' })

async function callUnder(change: Partial<Ticket> & { key: string }): Promise<string> {
  const { info, call, lines, ticketKeys } = deployment()
  const { bucket } = info
  await store(info, change.key, FILE, TYPE)
  const issuedAt = Math.floor(Date.now() / 1000)
  const ticket = {
    ...{ id: 'id-1', use: 'form', rule: 'media', sub: 'alice', bucket },
    ...{ minBytes: 0, maxBytes: 100, contentTypes: [TYPE], issuedAt, expiresAt: issuedAt + 600 },
    ...change,
  } as Ticket
  const upload = { bucket, key: change.key, file: FILE, type: TYPE }
  const text = bodyOf({ ...upload, ticket: signTicket(ticket, ticketKeys) })
  const answer = await call(text)
  if (answer.status === 200) return 'proven'
  const { requestId } = (await answer.json()) as { requestId: string }
  const line = () => lines.find((each) => each.includes(requestId) && each.includes('"reason"'))
  await until(() => line() !== undefined)
  return /"reason":"(\w+)"/.exec(line() ?? '')?.[1] ?? ''
}

it('of nobody: the ticket counts while its right is there', async () => {
  expect(await callUnder({ key: 'media/alice/kept.txt' })).toBe('proven')
})

it('of a denied subject proves nothing, by callback or trigger', async () => {
  const key = 'media/mallory/denied.txt'
  expect(await callUnder({ sub: 'mallory', key })).toBe('uploader_denied')
  const isIgnored = () =>
    deployment().lines.some((line) => /denied\.txt.*uploader_denied/.test(line))
  await until(isIgnored, () => pass(deployment(), 1))
  expect(deployment().sink.events.filter(({ subject }) => subject === key)).toEqual([])
})

it('of a rule that was removed proves nothing, though another rule has the folder', async () => {
  const key = 'media/alice/gone.txt'
  expect(await callUnder({ rule: 'removed', key })).toBe('rule_withdrawn')
})

it('of a mechanism that was removed proves nothing', async () => {
  const key = 'titled/alice/by-url.txt'
  expect(await callUnder({ rule: 'titled', use: 'url', key })).toBe('rule_withdrawn')
})

it('of a type that was removed proves nothing', async () => {
  const key = 'avatars/alice/0b7c1c7e-3d0e-4c57-9a30-5b8a8f0f3a11.txt'
  expect(await callUnder({ rule: 'avatar', key })).toBe('upload_type')
})
