import { computed, signal } from '@preact/signals'
import { IntlMessageFormat } from 'intl-messageformat'
import { en } from './en'

/** The languages of the page. */
export const LOCALES = { en: 'English', zh: '中文' } as const

export type Locale = keyof typeof LOCALES

/** The name of a sentence. */
export type MessageId = keyof typeof en

/** What a sentence's arguments may be. */
export type MessageValues = Readonly<Record<string, string | number | Date>>

const LANGUAGE = 'oss-direct:language'
const current = signal<{ locale: Locale; messages: Record<MessageId, string> }>({
  locale: 'en',
  messages: en,
})
const formats = new Map<string, IntlMessageFormat>()

/** The language that is shown. */
export const locale = computed(() => current.value.locale)

/** Shows the page in the language that was chosen before, else in the browser's. */
export async function startLanguage(): Promise<void> {
  const kept = localStorage.getItem(LANGUAGE) ?? ''
  await show(isLocale(kept) ? kept : preferred(navigator.languages))
}

/** Shows the page in this language and remembers it; rejects if its file can't be loaded. */
export async function chooseLanguage(chosen: Locale): Promise<void> {
  await show(chosen)
  localStorage.setItem(LANGUAGE, chosen)
}

/** Returns a sentence in the language that is shown; a component that calls it follows the language. */
export function t(id: MessageId, values?: MessageValues): string {
  const { locale, messages } = current.value
  return String(formatOf(locale, messages[id]).format(values))
}

async function show(chosen: Locale): Promise<void> {
  const messages = chosen === 'zh' ? (await import('./zh')).zh : en
  current.value = { locale: chosen, messages }
  document.documentElement.lang = chosen === 'zh' ? 'zh-CN' : 'en'
  document.title = t('shell.title')
}

function formatOf(chosen: Locale, message: string): IntlMessageFormat {
  const name = `${chosen}:${message}`
  const format = formats.get(name) ?? new IntlMessageFormat(message, chosen)
  formats.set(name, format)
  return format
}

/** Returns the first of these languages that the page has; English if it has none. @internal */
export function preferred(languages: readonly string[]): Locale {
  return languages.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLocale) ?? 'en'
}

function isLocale(name: string): name is Locale {
  return Object.hasOwn(LOCALES, name)
}
