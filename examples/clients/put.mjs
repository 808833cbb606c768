// Puts a PDF: BASE_URL=… TOKEN=… node put.mjs report.pdf
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'

const { BASE_URL, TOKEN } = process.env
const [path] = process.argv.slice(2)

const file = await readFile(path)
const answer = await fetch(`${BASE_URL}/signed-url`, {
  method: 'POST',
  headers: { authorization: `Bearer ${TOKEN}` },
  body: JSON.stringify({
    ...{ rule: 'documents', operation: 'put', filename: basename(path) },
    ...{ contentType: 'application/pdf', contentLength: file.length },
  }),
})
const signed = await answer.json()
if (!answer.ok) throw new Error(`${signed.code}: ${signed.detail}`)
const stored = await fetch(signed.url, { ...signed, body: file }) // its method and its headers
if (!stored.ok) throw new Error(`${stored.status} ${await stored.text()}`)
console.log(stored.status === 200 ? 'proven:' : 'stored, not proven:', await stored.text())
