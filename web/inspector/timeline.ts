import { type MessageId, t } from '../i18n/i18n'
import { formatBytes } from '../ui/format'
import { fromJson, toRecord } from './decode'
import type { Inspected, InspectedCallback } from './local'
import { policyOf } from './policy'
import type { Known } from './watch'

/** A step of a transfer: when it was, and what it was in one line. */
export interface Moment {
  name: 'asked' | 'decided' | 'signed' | 'sent' | 'called' | 'checked' | 'event'
  outcome: 'good' | 'bad' | 'none' | 'waiting'
  summary: string
  /** Since the first. */
  afterMs?: number
}

type Draft = Omit<Moment, 'name' | 'afterMs'> & { at?: number | undefined }

const NOT_YET: Draft = { outcome: 'waiting', summary: '' }

/** Returns the steps of a transfer. */
export function toMoments(known: Known): Moment[] {
  const drafts = {
    asked: asked(known),
    decided: decided(known),
    signed: signed(known),
    sent: sent(known),
    called: called(known),
    checked: checked(known),
    event: event(known),
  } as const satisfies Record<Moment['name'], Draft>
  const names = Object.keys(drafts) as Moment['name'][]
  const start = drafts.asked.at ?? drafts.sent.at ?? 0
  return names.map((name) => {
    const { at, ...draft }: Draft = drafts[name]
    const isTimed = at !== undefined && draft.outcome !== 'waiting'
    return { name, ...draft, ...(isTimed && { afterMs: Math.max(0, Math.round(at - start)) }) }
  })
}

/** Returns the callback of a transfer, if OSS sent one. */
export function callbackOf({ seen }: Known): InspectedCallback | undefined {
  return seen.findLast(({ callbacks }) => callbacks.length > 0)?.callbacks.at(-1)
}

/** Returns the folder that credentials are good for, as far as it is known. */
export function prefixOf({ transfer }: Known): string {
  const { key = '' } = transfer.uploaded.value ?? {}
  return key.slice(0, key.length - transfer.path.length) || '…'
}

const EVENT_STATES: Readonly<Record<string, MessageId>> = {
  delivered: 'inspector.event.delivered',
  dead: 'inspector.event.dead',
}

const BEFORE: readonly Known['phase'][] = ['checking', 'asking', 'waiting']

function asked({ story, phase }: Known): Draft {
  const [first] = story.asks
  const path = first ? new URL(first.request.url).pathname : '/sts'
  if (!first && story.way !== 'sts') return NOT_YET
  if (!first && BEFORE.includes(phase)) return NOT_YET
  return { outcome: 'good', summary: t('inspector.asked.sum', { path }), at: first?.startedAt }
}

function decided({ story, transfer, seen }: Known): Draft {
  const last = story.asks.at(-1)
  const { rule, user } = transfer
  const good = t('inspector.decided.sum', { rule, user: user.sub })
  if (!last) return story.way === 'sts' && seen[0] ? { outcome: 'good', summary: good } : NOT_YET
  const { response, endedAt } = story.asks.find((each) => each.response) ?? last
  if (!response) return NOT_YET
  if (response.status === 200) return { outcome: 'good', summary: good, at: endedAt }
  const { title, code } = toRecord(fromJson(response.text)) ?? {}
  const why = String(title ?? code ?? response.status)
  return { outcome: 'bad', summary: t('inspector.decided.refused', { why }), at: endedAt }
}

function signed(known: Known): Draft {
  const { story, seen } = known
  if (story.way === 'sts') {
    const prefix = prefixOf(known)
    return seen[0] ? { outcome: 'good', summary: t('inspector.signed.sts', { prefix }) } : NOT_YET
  }
  const first = story.asks.find(({ response }) => response?.status === 200)
  if (!first || !story.answer) return NOT_YET
  return { outcome: 'good', summary: saySigned(story), at: first.endedAt }
}

function saySigned({ way, sends, answer }: Known['story']): string {
  if (way === 'parts') return t('inspector.signed.parts', { count: sends.length })
  const fields = toRecord(answer?.fields) as Record<string, string> | undefined
  if (way === 'form') {
    const count = (policyOf(fields ?? {})?.conditions.length ?? 0) + 1
    return t('inspector.signed.form', { count })
  }
  const seconds = new URL(String(answer?.url)).searchParams.get('x-oss-expires')
  return t('inspector.signed.put', { seconds: Number(seconds) })
}

function sent({ story, transfer, seen }: Known): Draft {
  const size = formatBytes(transfer.file.size)
  if (story.way === 'sts') return sentBySts(seen, size)
  const last = story.sends.at(-1)
  if (!last) return NOT_YET
  const at = story.sends[0]?.startedAt
  if (last.error) return { outcome: 'bad', summary: t('inspector.sent.lost'), at }
  if (!last.response) return NOT_YET
  return { ...saySent(size, last.response.status, story.sends.length), at }
}

function sentBySts(seen: readonly Inspected[], size: string): Draft {
  const last = seen.at(-1)
  if (!last) return NOT_YET
  return { ...saySent(size, last.status, seen.length), at: seen[0]?.receivedAt }
}

function saySent(size: string, status: number, count: number): Draft {
  const id = count > 1 ? 'inspector.sent.parts' : 'inspector.sent.sum'
  const outcome = status < 300 ? 'good' : 'bad'
  return { outcome, summary: t(id, { size, status: String(status), count }) }
}

function called(known: Known): Draft {
  const callback = callbackOf(known)
  if (!callback) return hasEnded(known) ? none('inspector.called.none') : NOT_YET
  const { status, sentAt } = callback
  const outcome = status === 200 ? 'good' : 'bad'
  const summary = t('inspector.called.sum', { status: String(status ?? '…') })
  return { outcome, summary, at: sentAt }
}

function checked(known: Known): Draft {
  const callback = callbackOf(known)
  if (!callback) return NOT_YET
  const { checks, answeredAt } = callback
  const wrong = checks.find(({ outcome }) => outcome === 'failed')
  const passed = checks.filter(({ outcome }) => outcome === 'passed').length
  const summary = wrong
    ? t('inspector.checked.failed', { why: callback.reason ?? wrong.name })
    : t('inspector.checked.sum', { passed, all: checks.length })
  return { outcome: passed === checks.length ? 'good' : 'bad', summary, at: answeredAt }
}

function event(known: Known): Draft {
  const { event: found } = known
  if (found) {
    const summary = t(EVENT_STATES[found.state] ?? 'inspector.event.queued')
    return {
      outcome: found.state === 'dead' ? 'bad' : 'good',
      summary,
      at: Date.parse(found.queuedAt),
    }
  }
  const isProven = known.transfer.uploaded.value?.proven === true
  return hasEnded(known) && !isProven ? none('inspector.event.none') : NOT_YET
}

function none(id: 'inspector.called.none' | 'inspector.event.none'): Draft {
  return { outcome: 'none', summary: t(id) }
}

function hasEnded({ phase }: Known): boolean {
  return ['done', 'failed', 'cancelled'].includes(phase)
}
