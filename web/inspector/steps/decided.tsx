import { type MessageId, t } from '../../i18n/i18n'
import { fromJson, MASK, toRecord } from '../decode'
import { ticketClaims } from '../story'
import { callbackOf } from '../timeline'
import type { Known } from '../watch'
import { Code } from './code'

/** Shows what the functions decided: the ticket, or why they refused. */
export function Decided({ known }: { known: Known }) {
  const { story } = known
  const refused = story.asks.find(({ response }) => response && response.status !== 200)?.response
  if (refused && !story.key) return <Code>{refused.text}</Code>
  const ticket = story.ticket ?? ticketOf(known)
  const claims = ticketClaims(ticket)
  return (
    <>
      <p>{t('inspector.decided.text')}</p>
      {claims.length === 0 ? (
        <p>{t('inspector.decided.none')}</p>
      ) : (
        <dl class="claims">
          {claims.map(([name, value]) => (
            <Claim key={name} name={name} value={value} />
          ))}
          <Claim name="signature" value={MASK} />
        </dl>
      )}
    </>
  )
}

function Claim({ name, value }: { name: string; value: string }) {
  const id = `inspector.claim.${name}` as MessageId
  return (
    <div>
      <dt>
        <code>{name}</code> {isMessage(name) && t(id)}
      </dt>
      <dd>{value}</dd>
    </div>
  )
}

const CLAIMS = 'jti aud use rul sub bkt key pfx min max typ md5 met prt fil iat exp signature'

function isMessage(name: string): boolean {
  return CLAIMS.split(' ').includes(name)
}

// Of an upload by STS, only the callback shows the ticket.
function ticketOf(known: Known): string | undefined {
  const ticket = toRecord(fromJson(callbackOf(known)?.body))?.ticket
  return typeof ticket === 'string' ? ticket : undefined
}
