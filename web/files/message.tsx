import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from '../ui/icon'

interface MessageProps {
  icon: IconName
  title: string
  text: string
  children?: ComponentChildren
}

/** What stands where files would. */
export function Message({ icon, title, text, children }: MessageProps) {
  return (
    <div class="files-message">
      <Icon name={icon} />
      <p class="files-message-title">{title}</p>
      <p class="note">{text}</p>
      {children}
    </div>
  )
}
