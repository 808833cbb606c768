import { inspectorPieces } from './inspector-pieces'

/** The messages of the inspector, in English. */
export const inspector = {
  ...inspectorPieces,
  'inspector.title': 'What happened to \u2068{name}\u2069',
  'inspector.lead':
    'Each step, from the question to the event. Open one to see what was said. Secrets are shown as “…”.',
  'inspector.close': 'Close the inspector',
  'inspector.unavailable':
    'The local cloud does not tell what OSS saw, so only what this page sent is shown.',
  'inspector.time': '+{ms, number} ms',
  'inspector.waiting': 'not yet',
  'inspector.asked': 'Asked',
  'inspector.asked.sum': 'This page asked the server for permission: {path}',
  'inspector.asked.text':
    'The file stays here for now. The page sends its name, type and size, and the token of the user. Who asks is read from the token, never from the request.',
  'inspector.asked.request': 'The request',
  'inspector.asked.answer': 'The answer',
  'inspector.decided': 'Decided',
  'inspector.decided.sum': 'Rule “{rule}” allows it for {user}',
  'inspector.decided.refused': 'The server refused: {why}',
  'inspector.decided.text':
    'The server wrote down what it allows, and put its signature under it: the ticket. The ticket travels with the file and comes back from OSS with the callback. Anyone can read it; only the server can make one.',
  'inspector.decided.none': 'This answer has no ticket.',
  'inspector.signed': 'Signed',
  'inspector.signed.put': 'One URL for one file, good for {seconds, number} seconds',
  'inspector.signed.form':
    'A form with a policy of {count, plural, one {# condition} other {# conditions}}',
  'inspector.signed.parts':
    '{count, plural, one {# signed request} other {# signed requests}}: begin, parts, complete',
  'inspector.signed.sts': 'Credentials for the folder {prefix}',
  'inspector.signed.put.text':
    'The server never sees the file. It signs a description of the one request that it allows, and the signature goes into the URL. Change one line of the description, and the signature no longer fits: OSS refuses.',
  'inspector.signed.form.text':
    'A form carries its own permission: the policy, a list of conditions in JSON. The server signs the list. The browser sends it along with the file. OSS reads each condition and refuses a form that breaks one.',
  'inspector.signed.parts.text':
    'A large file goes in parts. Each request has its own signed URL: one to begin, one for each part with its exact size, one to complete. The callback is in the last.',
  'inspector.signed.sts.text':
    'Credentials sign as many requests as one likes, until they end. OSS checks only what their session policy says: they write below this folder. It does not know the type and size that the rule allows, so the callback checks these after the file is stored.',
  'inspector.request': 'Request',
  'inspector.request.name': '{at, number}. {method} {what}',
  'inspector.request.part': 'part {part}',
  'inspector.request.begin': 'begin',
  'inspector.request.complete': 'complete',
  'inspector.request.file': 'the file',
  'inspector.policy': 'The policy, line by line',
  'inspector.policy.file': 'About the file',
  'inspector.policy.after': 'What happens once it is stored',
  'inspector.policy.signer': 'Who signed, and when',
  'inspector.policy.expires': 'Good until {time}. After that, OSS refuses the form.',
  'inspector.pieces.put': 'The parts of the request',
  'inspector.pieces.form': 'The fields of the form',
  'inspector.by.oss': 'OSS',
  'inspector.by.callback': 'our callback',
  'inspector.by.nobody': 'nobody',
  'inspector.by.legend':
    'OSS: refuses the request. Our callback: calls the upload unproven, after it is stored. Nobody: the rule accepts that.',
  'inspector.stages': 'How the signature is made and checked',
  'inspector.stages.text':
    'Both sides do the same: write the request down in one fixed way, hash it, and sign the hash with the secret key. The server did it first. OSS did it again when the request came, and compared. This is what OSS computed.',
  'inspector.stages.canonical': 'The canonical request',
  'inspector.stages.string':
    'The string to sign: algorithm, time, scope, SHA-256 of the canonical request',
  'inspector.stages.policy': 'The string to sign: the policy in base64',
  'inspector.stages.plain': 'The string to sign',
  'inspector.stages.signature':
    'The signature: HMAC-SHA256 of the string to sign, with a key derived from the secret, the day, the region and “oss”',
  'inspector.stages.right': 'OSS computed the same signature. The request is what was signed.',
  'inspector.stages.wrong': 'OSS computed another signature: the request is not what was signed.',
  'inspector.stages.method': 'method',
  'inspector.stages.path': 'bucket and key',
  'inspector.stages.query': 'query, sorted',
  'inspector.stages.headers': 'signed headers',
  'inspector.stages.additional': 'further signed headers',
  'inspector.stages.payload': 'the body is not signed',
  'inspector.sent': 'Sent',
  'inspector.sent.sum': 'The browser sent {size} straight to OSS, which answered {status}',
  'inspector.sent.parts':
    'The browser sent {size} straight to OSS in {count, number} requests; the last was answered with {status}',
  'inspector.sent.lost': 'Sent to OSS, and no answer came',
  'inspector.sent.text':
    'The bytes went from the browser to OSS. No server of yours was in between.',
  'inspector.called': 'Called back',
  'inspector.called.sum': 'OSS told the server, which answered {status}',
  'inspector.called.none': 'OSS called nobody',
  'inspector.called.text':
    'The file is stored. Before OSS answers the browser, it tells the server what it has stored, and signs that with a private key that only OSS has.',
  'inspector.called.headers': 'Headers',
  'inspector.called.body': 'Body, as the server asked for it in “callback”',
  'inspector.checked': 'Checked',
  'inspector.checked.sum': '{passed, number} of {all, number} checks passed',
  'inspector.checked.failed': 'Not proven: {why}',
  'inspector.checked.text':
    'Anyone can send a request to the server. It believes a callback only after all of these, in this order.',
  'inspector.checked.passed': 'passed',
  'inspector.checked.wrong': 'failed',
  'inspector.checked.unknown': 'not reached',
  'inspector.event': 'Event',
  'inspector.event.delivered': 'Your application got the event',
  'inspector.event.queued': 'On its way to your application',
  'inspector.event.dead': 'Your application did not take the event; it is kept',
  'inspector.event.none': 'No event',
  'inspector.event.text':
    'What your application receives for each proven upload. The id is the same however often it is delivered.',
  'inspector.copy': 'Do the same in your code',
  'inspector.copy.text': 'Each asks for a permission of its own: no secret of this page is in it.',
  'inspector.copy.client': 'Our client',
  'inspector.copy.button': 'Copy',
  'inspector.copy.done': 'Copied',
}
