import { type MessageId, t } from '../../i18n/i18n'
import { splitCanonical } from '../canonical'
import { shorten } from '../decode'
import type { Stages as StagesOf } from '../local'
import { Code } from './code'

/** Shows how a signature is made, stage by stage, as OSS computed it. */
export function Stages({ stages }: { stages: StagesOf }) {
  const { canonicalRequest, stringToSign, isRight } = stages
  const title = titleOf(stages)
  return (
    <details class="stages">
      <summary>{t('inspector.stages')}</summary>
      <p>{t('inspector.stages.text')}</p>
      <ol>
        {canonicalRequest !== undefined && (
          <li>
            <h3>{t('inspector.stages.canonical')}</h3>
            <Lines canonicalRequest={canonicalRequest} />
          </li>
        )}
        <li>
          <h3>{t(title)}</h3>
          <Code>{shorten(stringToSign, MOST)}</Code>
        </li>
        <li>
          <h3>{t('inspector.stages.signature')}</h3>
          <Code>{title === 'inspector.stages.plain' ? DERIVATION_V1 : DERIVATION}</Code>
        </li>
      </ol>
      <p class={isRight ? 'right' : 'wrong'}>
        {t(isRight ? 'inspector.stages.right' : 'inspector.stages.wrong')}
      </p>
    </details>
  )
}

// A policy in base64 is thousands of characters long.
const MOST = 320
const DERIVATION = `key = HMAC(HMAC(HMAC(HMAC("aliyun_v4" + secret, day), region), "oss"), "aliyun_v4_request")
signature = HMAC(key, string to sign) = …`

const DERIVATION_V1 = 'signature = base64(HMAC-SHA1(secret, string to sign)) = …'

function titleOf({ canonicalRequest, stringToSign }: StagesOf): MessageId {
  if (canonicalRequest !== undefined) return 'inspector.stages.string'
  const isPolicy = !stringToSign.includes('\n')
  return isPolicy ? 'inspector.stages.policy' : 'inspector.stages.plain'
}

function Lines({ canonicalRequest }: { canonicalRequest: string }) {
  return (
    <dl class="lines">
      {splitCanonical(canonicalRequest).map(([name, text]) => (
        <div key={name}>
          <dt>{t(`inspector.stages.${name}` satisfies MessageId)}</dt>
          <dd>
            <pre dir="ltr">{text}</pre>
          </dd>
        </div>
      ))}
    </dl>
  )
}
