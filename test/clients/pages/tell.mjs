/** The settings that the test opened the page with: `gateway`, `token` and others. */
export const settings = Object.fromEntries(new URLSearchParams(location.search))

/** Adds a result for the test. */
export function tell(text) {
  const item = document.createElement('li')
  item.textContent = text
  document.querySelector('#told').append(item)
}

/** Requests one of our functions with the caller's token, and returns its JSON. */
export async function ask(path, init = {}) {
  const headers = { authorization: `Bearer ${settings.token}` }
  const answer = await fetch(settings.gateway + path, { ...init, headers })
  return answer.json()
}
