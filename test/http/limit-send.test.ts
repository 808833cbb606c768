import { createBudget } from '../../shared/budget'
import { limitSend } from '../../shared/http/limit-send'
import type { OutgoingRequest } from '../../shared/http/message'

const REQUEST = { method: 'GET', url: 'https://example.com/', timeoutMs: 1000, maxBytes: 1 }

it('ends every request with the budget, and sends none after it', async () => {
  let elapsed = 2000
  const sent: OutgoingRequest[] = []
  const send = limitSend(
    async (request) => {
      sent.push(request)
      return { status: 200, headers: {}, body: Buffer.alloc(0) }
    },
    createBudget(4000, () => elapsed),
  )
  await send(REQUEST)
  elapsed = 3600
  await send(REQUEST)
  elapsed = 4000
  await expect(send(REQUEST)).rejects.toThrow('time_ran_out')
  expect(sent).toEqual([REQUEST, { ...REQUEST, timeoutMs: 400 }])
})
