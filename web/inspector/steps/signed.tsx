import { useState } from 'preact/hooks'
import type { SendRequest } from '../../../client'
import { type MessageId, t } from '../../i18n/i18n'
import { meaningOf, piecesOf } from '../pieces'
import { conditionOf, policyOf, sentenceOf, toJson } from '../policy'
import type { RealWay } from '../story'
import type { Known } from '../watch'
import { Stages } from './stages'

const TEXTS = {
  put: 'inspector.signed.put.text',
  form: 'inspector.signed.form.text',
  parts: 'inspector.signed.parts.text',
  sts: 'inspector.signed.sts.text',
} as const satisfies Record<RealWay, MessageId>

/** Shows what was signed, what each part of it binds, and how the signature is made. */
export function Signed({ known }: { known: Known }) {
  const { story, seen } = known
  const [chosen, choose] = useState<number | undefined>(undefined)
  const count = story.way === 'sts' ? seen.length : story.sends.length
  const at = Math.min(chosen ?? count - 1, count - 1)
  const send = story.sends[at]
  const id = send?.response?.headers['x-oss-request-id']
  const inspected = send ? seen.find(({ requestId }) => requestId === id) : seen[at]
  return (
    <>
      <p>{t(TEXTS[story.way])}</p>
      {count > 1 && <Choice known={known} at={at} choose={choose} />}
      {send?.request.fields && <Policy fields={send.request.fields} known={known} />}
      {send && <Pieces request={send.request} known={known} />}
      {!send && <Limits known={known} />}
      {inspected?.signature && <Stages stages={inspected.signature} />}
    </>
  )
}

interface ChoiceProps {
  known: Known
  at: number
  choose: (at: number) => void
}

// With thousands of parts the first ones and the last will do.
const MOST = 50

function Choice({ known: { story, seen }, at, choose }: ChoiceProps) {
  const names =
    story.way === 'sts'
      ? seen.map(({ method, operation }) => ({ method, what: operation }))
      : story.sends.map(({ request }) => ({ method: request.method, what: whatOf(request) }))
  return (
    <label class="choice">
      <span>{t('inspector.request')}</span>
      <select value={at} onChange={({ currentTarget }) => choose(Number(currentTarget.value))}>
        {names.map((name, index) =>
          index < MOST || index === names.length - 1 ? (
            <option key={`${index}`} value={index}>
              {t('inspector.request.name', { at: index + 1, ...name })}
            </option>
          ) : null,
        )}
      </select>
    </label>
  )
}

function whatOf({ url }: SendRequest): string {
  const { searchParams } = new URL(url)
  const part = searchParams.get('partNumber')
  if (part) return t('inspector.request.part', { part })
  if (searchParams.has('uploads')) return t('inspector.request.begin')
  return t(searchParams.has('uploadId') ? 'inspector.request.complete' : 'inspector.request.file')
}

const BY = {
  oss: 'inspector.by.oss',
  callback: 'inspector.by.callback',
  nobody: 'inspector.by.nobody',
} as const satisfies Record<string, MessageId>
type By = keyof typeof BY

function By({ by }: { by: By }) {
  return <b class={`by ${by}`}>{t(BY[by])}</b>
}

// What the rule does not limit is signed all the same, and so is what signs.
function enforcerOf({ enforcers, story }: Known, limit: string | undefined): By {
  const mechanism = { put: 'url', parts: 'url', form: 'form', sts: 'sts' }[story.way]
  const by = enforcers[limit ?? '']?.[mechanism] ?? 'oss'
  return by in BY ? (by as By) : 'oss'
}

function Policy({ fields, known }: { fields: Readonly<Record<string, string>>; known: Known }) {
  const policy = policyOf(fields)
  if (!policy) return null
  return (
    <section class="pieces">
      <h3>{t('inspector.policy')}</h3>
      <ol>
        <li>
          <p>{t('inspector.policy.expires', { time: policy.expiration })}</p>
          <code dir="ltr">{`"expiration": "${policy.expiration}"`}</code>
          <By by="oss" />
        </li>
        {policy.conditions.map((condition) => (
          <li key={JSON.stringify(condition)}>
            <p>{sentenceOf(condition)}</p>
            <code dir="ltr">{toJson(condition)}</code>
            <By by={enforcerOf(known, meaningOf(conditionOf(condition).name)[1])} />
          </li>
        ))}
      </ol>
      <p class="legend">{t('inspector.by.legend')}</p>
    </section>
  )
}

function Pieces({ request, known }: { request: SendRequest; known: Known }) {
  const pieces = piecesOf(request)
  return (
    <details class="pieces" open={!request.fields}>
      <summary>{t(request.fields ? 'inspector.pieces.form' : 'inspector.pieces.put')}</summary>
      <ol>
        {pieces.map(({ name, value, says, limit, isFree }) => (
          <li key={name}>
            <p>{t(says)}</p>
            <code dir="ltr">{`${name}: ${value}`}</code>
            <By by={isFree ? 'nobody' : enforcerOf(known, limit)} />
          </li>
        ))}
      </ol>
      <p class="legend">{t('inspector.by.legend')}</p>
    </details>
  )
}

/** Shows who enforces each limit of the rule where nothing but the key is signed. */
function Limits({ known }: { known: Known }) {
  const names = Object.keys(known.enforcers)
  const wanted = { size: 'content-length', contentType: 'content-type', contentMd5: 'content-md5' }
  const others = { overwrite: 'x-oss-forbid-overwrite', acl: 'x-oss-object-acl' }
  const spelt: Readonly<Record<string, string>> = { ...wanted, ...others, metadata: 'x-oss-meta-' }
  return (
    <section class="pieces">
      <ol>
        {names.map((limit) => (
          <li key={limit}>
            <p>{t(meaningOf(spelt[limit] ?? limit)[0])}</p>
            <code dir="ltr">{limit}</code>
            <By by={enforcerOf(known, limit)} />
          </li>
        ))}
      </ol>
      <p class="legend">{t('inspector.by.legend')}</p>
    </section>
  )
}
