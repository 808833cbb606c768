import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { describeFile } from '../../client/describe-file'
import type { Rules } from '../../shared/rules/rules'
import { type GatewayRequest, headerOf } from '../fc/event'
import type { LocalRoute } from '../fc/gateway'
import type { GatewayAnswer } from '../fc/gateway-answer'
import type { InspectedRequest } from '../inspect'
import { askPage, formPage, refusedPage, type SignedForm, type Status, statusPage } from './pages'
import { localeOf, type PlainLocale } from './sentences'
import { toRefusal, toStatus } from './status'

/** What the pages without a script need of the cloud. */
export type PlainContext = {
  gateway: string
  /** The origin that a form is posted to. */
  oss: string
  rules: () => Promise<Rules>
  /** Issues a token of the local issuer. */
  issue: (caller: { sub: string; claims: Record<string, unknown> }) => Promise<string>
  /** Returns the latest requests to OSS about a key, oldest first. */
  requestsAbout: (key: string) => readonly InspectedRequest[]
  /** Unix ms. */
  now: () => number
}

type Upload = { key: string; expiresAt: number }

const KEPT = 200
const text = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(255))
const ASKED = v.object({ sub: text, plan: v.picklist(['free', 'pro']), rule: text, filename: text })

/** Returns the routes of the upload without a script: who sends which file, the signed form, and what has arrived. */
export function plainRoutes(context: PlainContext): LocalRoute[] {
  const uploads = new Map<string, Upload>()

  async function sign(body: Buffer, locale: PlainLocale): Promise<string> {
    const asked = v.safeParse(ASKED, Object.fromEntries(new URLSearchParams(body.toString('utf8'))))
    if (!asked.success) return refusedPage(locale, { sentence: 'invalid', look: 'bad' })
    const { contentType } = describeFile({ name: asked.output.filename, type: '' }, {})
    const signed = await askForm({ ...asked.output, contentType }, context)
    if ('sentence' in signed) return refusedPage(locale, signed)
    const id = randomUUID()
    uploads.set(id, { key: signed.key, expiresAt: Date.parse(signed.expiresAt) })
    if (uploads.size > KEPT) uploads.delete(uploads.keys().next().value as string)
    return formPage(locale, { form: signed, id, contentType })
  }

  function status(url: string, locale: PlainLocale): GatewayAnswer {
    const id = new URLSearchParams(url.split('?')[1]).get('upload') ?? ''
    const upload = uploads.get(id)
    const found = toStatus(upload && context.requestsAbout(upload.key))
    const isOver = !upload || upload.expiresAt < context.now()
    const known: Status =
      isOver && found.look === 'waiting' ? { sentence: 'over', look: 'bad' } : found
    const answer = toAnswer(statusPage(locale, known), context)
    // Without a script, the browser asks again by itself.
    const again = isOver || known.look === 'good' ? {} : { Refresh: '1' }
    return { ...answer, headers: { ...answer.headers, ...again } }
  }

  return [
    page('GET', '/plain', async (_, locale) => {
      const names = [...(await context.rules()).values()].filter(takesForms).map(({ name }) => name)
      return toAnswer(askPage(locale, names), context)
    }),
    page('POST', '/plain', async ({ body }, locale) => toAnswer(await sign(body, locale), context)),
    page('GET', '/plain/status', async ({ url }, locale) => status(url, locale)),
  ]
}

function page(
  method: string,
  path: string,
  answer: (request: GatewayRequest, locale: PlainLocale) => Promise<GatewayAnswer>,
): LocalRoute {
  return {
    method,
    path,
    answer: (_, request) => answer(request, localeOf(headerOf(request, 'accept-language'))),
  }
}

function takesForms({ upload }: { upload?: { mechanisms: readonly string[]; needsMd5: boolean } }) {
  return upload?.mechanisms.includes('form') && !upload.needsMd5
}

type FormRequest = v.InferOutput<typeof ASKED> & { contentType: string }

async function askForm(
  { sub, plan, ...request }: FormRequest,
  { gateway, issue }: PlainContext,
): Promise<(SignedForm & { key: string }) | Status> {
  const token = await issue({ sub, claims: { plan } })
  const response = await fetch(`${gateway}/post-policy`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(request),
  })
  const answer = (await response.json()) as SignedForm & { key: string; code: string }
  return response.ok ? answer : toRefusal(answer.code, request.contentType)
}

function toAnswer(body: string, { oss }: PlainContext): GatewayAnswer {
  const policy = `default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self' ${oss}; form-action 'self' ${oss}; base-uri 'none'; frame-ancestors 'self'`
  return {
    status: 200,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      'Content-Security-Policy': policy,
      Vary: 'Accept-Language',
    },
    body: Buffer.from(body),
  }
}
