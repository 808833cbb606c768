import { t } from '../i18n/i18n'

interface BreadcrumbsProps {
  rule: string
  path: string
  onOpen: (path: string) => void
}

/** The way from a rule's own folder to the one that is shown. */
export function Breadcrumbs({ rule, path, onOpen }: BreadcrumbsProps) {
  const names = path === '' ? [] : path.split('/')
  const steps = [
    { name: rule, path: '' },
    ...names.map((name, index) => ({ name, path: names.slice(0, index + 1).join('/') })),
  ]
  return (
    <nav class="breadcrumbs" aria-label={t('files.path')}>
      <ol>
        {steps.map((step) => (
          <li key={step.path}>
            {step.path === path ? (
              <bdi aria-current="page">{step.name}</bdi>
            ) : (
              <button type="button" class="crumb" onClick={() => onOpen(step.path)}>
                <bdi>{step.name}</bdi>
              </button>
            )}
          </li>
        ))}
      </ol>
    </nav>
  )
}
