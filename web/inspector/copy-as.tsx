import { useState } from 'preact/hooks'
import { t } from '../i18n/i18n'
import { Button } from '../ui/button'
import { type Language, toSnippet } from './snippets'
import { Code } from './steps/code'
import type { Known } from './watch'

const NAMES = ['client', 'curl', 'python', 'ali-oss'] as const satisfies readonly Language[]

/** Shows the code that does the same, in several languages, to be copied. */
export function CopyAs({ known: { transfer, story } }: { known: Known }) {
  const [language, choose] = useState<Language>('client')
  const [copied, setCopied] = useState<string | undefined>(undefined)
  const { rule, path, file } = transfer
  const snippet = toSnippet(language, {
    ...{ rule, path, way: story.way, contentType: file.type || 'application/octet-stream' },
    baseUrl: location.origin,
    user: transfer.user,
  })
  return (
    <section class="copy-as" aria-labelledby="copy-as-title">
      <h3 id="copy-as-title">{t('inspector.copy')}</h3>
      <p>{t('inspector.copy.text')}</p>
      <fieldset class="languages" aria-labelledby="copy-as-title">
        {NAMES.map((name) => (
          <label key={name}>
            <input
              type="radio"
              name="copy-as"
              checked={language === name}
              onChange={() => choose(name)}
            />
            <span>{nameOf(name)}</span>
          </label>
        ))}
      </fieldset>
      <Code>{snippet}</Code>
      <Button
        icon="copy"
        onClick={() => void navigator.clipboard.writeText(snippet).then(() => setCopied(snippet))}
      >
        {t(copied === snippet ? 'inspector.copy.done' : 'inspector.copy.button')}
      </Button>
    </section>
  )
}

function nameOf(language: Language): string {
  if (language === 'client') return t('inspector.copy.client')
  return language === 'python' ? 'Python' : language
}
