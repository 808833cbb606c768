import { type Html, html, toPage } from './html'
import { type PlainLocale, type SentenceName, sentencesOf } from './sentences'

/** The form of one upload, as `POST /post-policy` answers it. */
export type SignedForm = {
  url: string
  fields: Readonly<Record<string, string>>
  maxBytes: number
  expiresAt: string
}

/** What is known of an upload, in a sentence, and how it looks. */
export type Status = {
  sentence: SentenceName
  look: 'waiting' | 'good' | 'bad'
  values?: Readonly<Record<string, string>>
}

/** Returns the page that asks who sends which file. */
export function askPage(locale: PlainLocale, rules: readonly string[]): string {
  const say = sentencesOf(locale)
  const options = rules.map((rule) => html`<option>${rule}</option>`)
  const form = html`<form method="post" action="/plain">
      <label>${say('sub')}<input name="sub" value="alice" required maxlength="255" dir="auto"></label>
      <label>${say('plan')}<select name="plan"><option>pro</option><option>free</option></select></label>
      <label>${say('rule')}<select name="rule">${options}</select></label>
      <label>${say('filename')}<input name="filename" placeholder="photo.png" required maxlength="255" dir="auto"></label>
      <button>${say('sign')}</button>
    </form>`
  const body = html`<main>
    <h1>${say('title')}</h1>
    <p>${say('intro')}</p>
    ${rules.length > 0 ? form : html`<p class="bad">${say('noRules')}</p>`}
    </main>`
  return toPage({ locale, title: say('title') }, body)
}

/**
 * Returns the page with a signed form. OSS answers a form with JSON or XML: that goes to a frame that is not shown, and
 * another one says in a sentence what has arrived.
 */
export function formPage(
  locale: PlainLocale,
  { form, id, contentType }: { form: SignedForm; id: string; contentType: string },
): string {
  const say = sentencesOf(locale)
  const hidden = Object.entries(form.fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  const until = new Date(form.expiresAt).toLocaleTimeString(locale, { timeStyle: 'short' })
  const size = `${Number((form.maxBytes / 1024 ** 2).toFixed(1))} MiB`
  const body = html`<main>
    <h1>${say('ready')}</h1>
    <p>${say('readyFor', { until, type: contentType })} ${limitOf(form, say('atMost', { size }))}</p>
    <form method="post" action="${form.url}" enctype="multipart/form-data" target="answer">
      ${hidden}
      <label>${say('file')}<input type="file" name="file" accept="${contentType}" required></label>
      <button>${say('send')}</button>
    </form>
    <iframe name="answer" title="${say('answerFrame')}" hidden></iframe>
    <iframe class="status" src="/plain/status?upload=${id}" title="${say('statusFrame')}"></iframe>
    <p><a href="/plain">${say('again')}</a></p>
    </main>`
  return toPage({ locale, title: say('ready') }, body)
}

// A rule without a limit has that of OSS.
function limitOf({ maxBytes }: SignedForm, sentence: string): string {
  return maxBytes < 5 * 1024 ** 3 ? sentence : ''
}

/** Returns the page for a form that the functions did not sign. */
export function refusedPage(locale: PlainLocale, { sentence, values }: Status): string {
  const say = sentencesOf(locale)
  const body = html`<main>
    <h1>${say('notSigned')}</h1>
    <p class="bad">${say(sentence, values)}</p>
    <p><a href="/plain">${say('back')}</a></p>
    </main>`
  return toPage({ locale, title: say('notSigned') }, body)
}

/** Returns the page in the frame that says what has arrived. */
export function statusPage(locale: PlainLocale, { sentence, look, values }: Status): string {
  const say = sentencesOf(locale)
  const words: Html = html`<p role="status" class="${look}">${say(sentence, values)}</p>`
  return toPage({ locale, title: say('statusFrame'), isFrame: true }, words)
}
