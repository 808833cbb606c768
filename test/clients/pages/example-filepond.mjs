import './globals.mjs'
import 'filepond/dist/filepond.css'
import { tell } from './tell.mjs'

document.querySelector('#app').innerHTML = '<input type="file" data-replaced>'
const { pond } = await import('../../../examples/clients/filepond.mjs')
pond.on('processfileprogress', (_, progress) => window.percents.push(100 * progress))
pond.on('processfile', (error, file) => tell(error ? error.body : `${file.serverId}: true`))
pond.on('processfilerevert', () => tell('reverted'))
