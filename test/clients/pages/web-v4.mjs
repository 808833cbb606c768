// Alibaba's sample for signature version 4, with callback. Ours are the URL and the header with the token.
import { settings, tell } from './tell.mjs'

const fileInput = document.createElement('input')
fileInput.type = 'file'
fileInput.multiple = true
document.querySelector('#app').append(fileInput)

async function upload(file) {
  const query = new URLSearchParams({ as: 'web-v4', rule: settings.rule })
  // Only the request changes for a form that is for one file.
  if (settings.strict) {
    query.set('filename', file.name)
    query.set('contentType', file.type)
  }
  const response = await fetch(`${settings.gateway}/post-policy?${query}`, {
    method: 'GET',
    headers: { authorization: `Bearer ${settings.token}` },
  })
  if (!response.ok) throw new Error('no signature')
  const data = await response.json()
  const formData = new FormData()
  formData.append('success_action_status', '200')
  formData.append('policy', data.policy)
  formData.append('x-oss-signature', data.signature)
  formData.append('x-oss-signature-version', 'OSS4-HMAC-SHA256')
  formData.append('x-oss-credential', data.x_oss_credential)
  formData.append('x-oss-date', data.x_oss_date)
  formData.append('key', data.dir + file.name)
  formData.append('x-oss-security-token', data.security_token)
  formData.append('callback', data.callback)
  formData.append('file', file)
  const sent = await fetch(data.host, { method: 'POST', body: formData })
  tell(`${file.name} ${sent.status} ${await sent.text()}`)
}

fileInput.addEventListener('change', () => {
  for (const file of fileInput.files) upload(file).catch((error) => tell(String(error)))
})
