import './globals.mjs'
import { uploadFile } from '../../../examples/clients/typed-client.mjs'
import { tell } from './tell.mjs'

document.querySelector('#app').innerHTML = '<input type="file">'
document.querySelector('input').onchange = async ({ target }) => {
  const onProgress = ({ sentBytes, totalBytes }) =>
    window.percents.push((100 * sentBytes) / totalBytes)
  tell(await uploadFile(target.files[0], onProgress))
}
