import { randomUUID } from 'node:crypto'
import { uploadCallback } from '../../functions/upload-callback'
import { loadEnv } from '../../shared/env/env'
import { toFc } from '../../shared/env/fc'
import { defineRules } from '../../shared/rules/rules'
import { ENVIRONMENT } from '../env/settings-example'
import published from '../vectors/callback.json'
import { callbackEvent } from './deployment'

// Genuine callbacks of OSS to other applications: their signatures verify with the key that is built in, and their
// bodies, which are not of our template, prove nothing to us.
const PUBLISHED_KEY = 'http://gosspublic.alicdn.com/callback_pub_key_v1.pem'
const rules = defineRules({ a: { key: 'a/{sub}/{uuid}', upload: {} } })
const genuine = published.filter(({ rawQuery }) => rawQuery === '')

type Capture = { path: string; body: string; authorization: string }

async function reasonOf({ path, body, authorization }: Capture): Promise<string> {
  const lines: string[] = []
  const environment = { ...ENVIRONMENT, CALLBACK_URL: `https://upload.example.com${path}` }
  const load = () => loadEnv(rules, environment, (line) => lines.push(line))
  const credentials = { accessKeyId: 'STS.a', accessKeySecret: 's', securityToken: 't' }
  const headers = {
    Authorization: authorization,
    'X-Oss-Pub-Key-Url': Buffer.from(PUBLISHED_KEY).toString('base64'),
  }
  const event = Buffer.from(JSON.stringify(callbackEvent(body, headers, path)))
  const context = { requestId: randomUUID(), credentials }
  const answer = await toFc(uploadCallback, load).handler(event, context)
  expect(answer.statusCode).toBe(403)
  return JSON.parse(lines[0] ?? '').reason
}

it.each(genuine)('takes OSS’s own signature: $name', async (capture) => {
  expect(await reasonOf(capture)).toBe('callback_body')
})

it.each(genuine)('refuses it over another body or path: $name', async (capture) => {
  const { path, body } = capture
  expect(await reasonOf({ ...capture, body: `${body} ` })).toBe('callback_signature')
  expect(await reasonOf({ ...capture, path: `${path}x` })).toBe('callback_signature')
})

it.each(genuine)('refuses it with one bit flipped: $name', async (capture) => {
  const bytes = Buffer.from(capture.authorization, 'base64')
  bytes.writeUInt8(bytes.readUInt8(9) ^ 1, 9)
  const authorization = bytes.toString('base64')
  expect(await reasonOf({ ...capture, authorization })).toBe('callback_signature')
})
