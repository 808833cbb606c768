import { postPolicy } from '../functions/post-policy'
import { signedUrl } from '../functions/signed-url'
import { refuseSts, sts } from '../functions/sts'
import { uploadCallback } from '../functions/upload-callback'
import type { Handler, Refuse } from '../shared/env/respond'
import type { Reason } from '../shared/errors'

/** A function with an HTTP trigger: its handler, its answer to refusals, and why it refuses a body that is too large. */
export type Route = { answer: Handler; refuse?: Refuse; tooLarge?: Reason }

const CALLBACK = 'upload-callback'

const ROUTES = {
  sts: { answer: sts, refuse: refuseSts },
  'signed-url': { answer: signedUrl },
  'post-policy': { answer: postPolicy },
  [CALLBACK]: { answer: uploadCallback, tooLarge: 'callback_body' },
} as const satisfies Record<string, Route>

/**
 * Returns the routes by path, all beside that of the callback URL, which OSS signs; throws if it does not end with
 * `/upload-callback`.
 */
export function toRoutes(callbackUrl: string): ReadonlyMap<string, Route> {
  const { pathname } = new URL(callbackUrl)
  const base = pathname.slice(0, -CALLBACK.length)
  if (!pathname.endsWith(`/${CALLBACK}`)) {
    throw new Error(`The settings are wrong:\n  CALLBACK_URL: must end with /${CALLBACK}`)
  }
  return new Map(Object.entries(ROUTES).map(([name, route]) => [`${base}${name}`, route]))
}
