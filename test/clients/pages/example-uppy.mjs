import './globals.mjs'
import UppySix from '@uppy/core'
import UppyFive from '@uppy/core-v5'
import { createOssDirect } from '../../../client'
import { toUppy } from '../../../client/adapters'
import { uppy as example } from '../../../examples/clients/uppy.mjs'
import { settings, tell } from './tell.mjs'

function start(Core, { mechanism }) {
  const uppy = new Core()
  const getToken = () => settings.token
  const oss = createOssDirect({ baseUrl: settings.gateway, getToken })
  toUppy(uppy, oss, { rule: 'documents', ...(mechanism && { mechanism }) })
  return uppy
}

const Core = { 5: UppyFive, 6: UppySix }[settings.version]
const uppy = Core ? start(Core, settings) : example
window.uppy = uppy
document.querySelector('#app').innerHTML = '<input type="file" multiple>'
document.querySelector('input').onchange = ({ target }) => {
  for (const file of target.files) uppy.addFile({ name: file.name, type: file.type, data: file })
  uppy.upload().catch(() => {})
}
uppy.on('upload-progress', (_, { bytesUploaded, bytesTotal }) =>
  window.percents.push((100 * bytesUploaded) / bytesTotal),
)
uppy.on('upload-success', (_, { body, status }) =>
  tell(`${body.key}: ${status === 200 && body.proven}`),
)
uppy.on('upload-error', (_, { message }) => tell(message))
