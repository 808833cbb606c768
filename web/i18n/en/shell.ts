/** The messages of the frame around the page's parts, in English. */
export const shell = {
  'shell.title': 'oss-direct: upload straight to OSS',
  'shell.promise': 'Your files go straight to OSS. The server only decides, signs and checks.',
  'shell.language': 'Language',
  'ui.bytes': '{bytes, plural, one {# byte} other {# bytes}}',
  'ui.explain': 'What is this: {word}',
  'ui.close': 'Close',
  'ui.perSecond': '{size}/s',
}
