import './globals.mjs'
import { createApp, h } from 'vue'
import Documents from '../../../examples/clients/VueElementPlus.vue'
import { tell } from './tell.mjs'

const listeners = {
  onProgress: ({ percent }) => window.percents.push(percent),
  onUploaded: ({ key, proven }) => tell(`${key}: ${proven}`),
  onRefused: ({ message }) => tell(message),
}
createApp({ setup: () => () => h(Documents, listeners) }).mount('#app')
