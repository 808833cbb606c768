import type { Budget } from '../budget'
import type { Send } from './message'

/** Returns the same client with every request also limited by the budget. */
export function limitSend(send: Send, budget: Budget): Send {
  return async (request) => send({ ...request, timeoutMs: budget.share(request.timeoutMs) })
}
