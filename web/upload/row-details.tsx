import { t } from '../i18n/i18n'
import { formatExactBytes } from '../ui/format'
import type { Transfer } from './transfer'

/** Shows what the callback proved of an upload, or what a developer may look for where it failed. */
export function RowDetails({ transfer }: { transfer: Transfer }) {
  const { failure } = transfer.state.value
  const stored = transfer.uploaded.value
  return (
    <div class="row-details">
      {stored && (
        <dl>
          <dt>{t('proof.key')}</dt>
          <dd>
            <bdi>{stored.key}</bdi>
          </dd>
          <dt>{t('proof.size')}</dt>
          <dd>{formatExactBytes(stored.size)}</dd>
          {stored.etag && (
            <>
              <dt>{t('proof.etag')}</dt>
              <dd>{stored.etag}</dd>
            </>
          )}
        </dl>
      )}
      {failure?.trace.map((line) => (
        <p key={line} class="trace">
          {line}
        </p>
      ))}
    </div>
  )
}
