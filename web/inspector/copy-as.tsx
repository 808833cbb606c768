import { useRef, useState } from 'preact/hooks'
import { describeFile } from '../../client/describe-file'
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
  const shown = useRef<HTMLDivElement>(null)
  const { rule, path, file } = transfer
  const snippet = toSnippet(language, {
    ...{ rule, path, way: story.way },
    contentType: describeFile(file, { filename: path }).contentType,
    baseUrl: location.origin,
    user: transfer.user,
  })
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(snippet)
      setCopied(snippet)
    } catch {
      // Without a clipboard for this page, the code is selected, to be copied by hand.
      const code = shown.current?.querySelector('pre')
      if (code) getSelection()?.selectAllChildren(code)
    }
  }
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
      <div ref={shown} class="snippet">
        <Code>{snippet}</Code>
      </div>
      <Button icon="copy" onClick={() => void copy()}>
        {t(copied === snippet ? 'inspector.copy.done' : 'inspector.copy.button')}
      </Button>
    </section>
  )
}

function nameOf(language: Language): string {
  if (language === 'client') return t('inspector.copy.client')
  return language === 'python' ? 'Python' : language
}
