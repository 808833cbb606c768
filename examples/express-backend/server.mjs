// A back end whose users upload: it logs them in, mints their tokens, and keeps a table of what arrived.
import { randomUUID } from 'node:crypto'
import express from 'express'
import { Webhook, WebhookVerificationError } from 'standardwebhooks'
import { mintToken } from '../tokens/token.mjs'
import { renderForm } from './form.mjs'
import { openTable } from './table.mjs'

const missing = ['AUTH_SECRET', 'AUTH_ISSUER', 'AUTH_AUDIENCE', 'EVENT_WEBHOOK_SECRETS'].filter(
  (name) => !process.env[name],
)
if (missing.length > 0) throw new Error(`Set ${missing.join(', ')}`)
const { OSS_DIRECT = 'http://localhost:9000', TABLE = 'files.jsonl', PORT = '3000' } = process.env
const webhooks = process.env.EVENT_WEBHOOK_SECRETS.split(',').map((secret) => new Webhook(secret))
const table = openTable(TABLE)
const app = express()

// In place of your own login: whoever gives a name is this user, until the back end stops.
const sessions = new Map()
app.post('/login', express.json(), ({ body }, response) => {
  if (typeof body?.user !== 'string' || body.user === '') return response.sendStatus(400)
  const session = randomUUID()
  sessions.set(session, body.user)
  return response.cookie('session', session, { httpOnly: true, sameSite: 'strict' }).sendStatus(204)
})

function logIn(request, response, next) {
  const [, session] = /(?:^|; )session=([^;]+)/.exec(request.headers.cookie ?? '') ?? []
  request.user = sessions.get(session)
  if (request.user === undefined) response.sendStatus(401)
  else next()
}

app.get('/token', logIn, ({ user }, response) => {
  response.set('cache-control', 'no-store').json({ token: mintToken(user, { plan: 'pro' }) })
})

app.get('/avatar', logIn, async ({ user }, response) => {
  const answer = await fetch(`${OSS_DIRECT}/post-policy`, {
    method: 'POST',
    headers: { authorization: `Bearer ${mintToken(user)}` },
    body: JSON.stringify({ rule: 'avatar', filename: 'avatar.png', contentType: 'image/png' }),
  })
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
  response.set('cache-control', 'no-store').send(renderForm(await answer.json()))
})

// The signature is of the bytes as they came. Any other status than 2xx makes oss-direct try again.
const raw = express.raw({ type: 'application/cloudevents+json', limit: '64kb' })
app.post('/events', raw, ({ body, headers }, response) => {
  const event = Buffer.isBuffer(body) ? verifyEvent(body, headers) : undefined
  if (event) table.add(event)
  response.sendStatus(event ? 204 : 401)
})

function verifyEvent(body, headers) {
  for (const webhook of webhooks) {
    try {
      return webhook.verify(body, headers)
    } catch (error) {
      if (!(error instanceof WebhookVerificationError)) throw error
    }
  }
  return undefined
}

app.get('/files', logIn, ({ user }, response) => {
  response.set('cache-control', 'no-store').json(table.filesOf(user))
})

const server = app.listen(Number(PORT), 'localhost', () => {
  console.log(`http://localhost:${server.address().port}`)
})
