import type { PlainLocale } from './sentences'

/** HTML that needs no escaping any more. */
export type Html = { readonly html: string }

/** Escapes what a template's values say, unless they are HTML already. */
export function html(parts: TemplateStringsArray, ...values: (string | Html | Html[])[]): Html {
  const text = parts.map((part, index) => part + toHtml(values[index] ?? ''))
  return { html: text.join('') }
}

function toHtml(value: string | Html | Html[]): string {
  if (typeof value === 'string') return escapeHtml(value)
  return [value].flat().reduce((all, each) => all + each.html, '')
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

// With less than its origin as the referrer, the browser posts the form with the origin "null", which the local OSS refuses.
/** Returns a whole page with its language and title. */
export function toPage(
  { locale, title, isFrame }: { locale: PlainLocale; title: string; isFrame?: boolean },
  body: Html,
): string {
  const lang = locale === 'zh' ? 'zh-CN' : 'en'
  const page = html`<!doctype html>
<html lang="${lang}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="strict-origin">
    <title>${title}</title>
    <link rel="icon" type="image/svg+xml" href="/favicon.svg">
    <link rel="stylesheet" href="/plain.css">
  </head>
  <body class="${isFrame ? 'frame' : 'plain'}">
    ${body}
  </body>
</html>
`
  return page.html
}
