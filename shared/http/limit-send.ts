import type { Budget } from '../budget'
import type { Send } from './message'

/** The same client, whose every request also ends with the budget. */
export function limitSend(send: Send, budget: Budget): Send {
  return async (request) => send({ ...request, timeoutMs: budget.share(request.timeoutMs) })
}
