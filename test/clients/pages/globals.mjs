// What the examples expect of the page that they are in.
import { settings } from './tell.mjs'

window.BASE_URL = settings.gateway
window.TOKEN = settings.token
/** What the kit told of an upload: percentages, and its own error. */
window.percents = []
