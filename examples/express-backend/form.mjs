const escapeHtml = (text) =>
  text.replace(/[&<>"]|[^ -~]/gu, (character) => `&#${character.codePointAt(0)};`)

/** Renders the answer of `/post-policy` as a form that works without a script. */
export function renderForm({ url, fields }) {
  const hidden = Object.entries(fields).map(
    ([name, value]) =>
      `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}" />`,
  )
  return `<form action="${escapeHtml(url)}" method="post" enctype="multipart/form-data" accept-charset="utf-8">
    ${hidden.join('\n    ')}
    <input type="file" name="file" accept="image/png" required />
    <button>Upload</button>
  </form>`
}
