import { chooseLanguage, LOCALES, locale, t } from '../i18n/i18n'

/** The page's name, its promise and the choice of language. */
export function Masthead() {
  return (
    <header class="masthead">
      <img src="/favicon.svg" alt="" width="36" height="36" />
      <div>
        <h1>oss-direct</h1>
        <p>{t('shell.promise')}</p>
      </div>
      <label class="language">
        <span class="hidden">{t('shell.language')}</span>
        <select
          value={locale.value}
          onChange={({ currentTarget }) => chooseLanguage(currentTarget.value as 'en' | 'zh')}
        >
          {Object.entries(LOCALES).map(([name, label]) => (
            <option key={name} value={name} lang={name}>
              {label}
            </option>
          ))}
        </select>
      </label>
    </header>
  )
}
