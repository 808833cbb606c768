interface ProgressBarProps {
  /** From 0 to 1. */
  share: number
  /** What progresses. */
  label: string
  /** Set where nothing moves at the moment. */
  isStill?: boolean
}

/** Shows how far something is. */
export function ProgressBar({ share, label, isStill = false }: ProgressBarProps) {
  return (
    <progress
      class={isStill ? 'still' : ''}
      max="100"
      value={Math.floor(share * 100)}
      aria-label={label}
    />
  )
}
