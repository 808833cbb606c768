import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from './icon'

interface ButtonProps {
  onClick: (event: MouseEvent) => void
  /** Default: a quiet one. A view has one primary button at most. */
  kind?: 'plain' | 'primary' | 'danger' | 'link'
  icon?: IconName
  /** What a screen reader says instead of the words, where these need what stands around them. */
  label?: string
  isOff?: boolean
  children: ComponentChildren
}

/** A button with words. */
export function Button({ onClick, kind = 'plain', icon, label, isOff, children }: ButtonProps) {
  return (
    <button
      type="button"
      class={`button ${kind}`}
      aria-label={label}
      disabled={isOff}
      onClick={onClick}
    >
      {icon && <Icon name={icon} />}
      <span>{children}</span>
    </button>
  )
}

interface IconButtonProps extends Pick<ButtonProps, 'onClick' | 'isOff'> {
  icon: IconName
  /** The words of the button: read out, and shown when it is pointed at. */
  label: string
  isPressed?: boolean
}

/** A button with a drawing alone. */
export function IconButton({ icon, label, onClick, isOff, isPressed }: IconButtonProps) {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      aria-pressed={isPressed}
      title={label}
      disabled={isOff}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  )
}
