import { type MessageId, t } from '../i18n/i18n'
import { Word } from './word'

interface ChoiceProps {
  /** The name of the radio buttons of which one is chosen. */
  group: string
  label: string
  /** Says more, below the label. */
  note?: string
  /** Explains the label on demand. */
  explained?: MessageId
  isChosen: boolean
  onChoose: () => void
}

/** One of several choices. */
export function Choice({ group, label, note, explained, isChosen, onChoose }: ChoiceProps) {
  return (
    <div class="choice">
      <label>
        <input type="radio" name={group} checked={isChosen} onChange={onChoose} />
        <span>
          <span class="label">{label}</span>
          {note && <small>{note}</small>}
        </span>
      </label>
      {explained && (
        <Word explained={explained} label={t('ui.explain', { word: label })}>
          ?
        </Word>
      )}
    </div>
  )
}
