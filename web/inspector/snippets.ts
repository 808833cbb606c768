import type { User } from '../session/users'
import type { RealWay } from './story'

/** What a snippet is written for. */
export type Language = 'client' | 'curl' | 'python' | 'ali-oss'

/** The upload that a snippet repeats. */
export interface SnippetInput {
  way: RealWay
  rule: string
  path: string
  contentType: string
  baseUrl: string
  user: User
}

/** Returns code that uploads a file in the same way. It asks for its own token and its own permission. */
export function toSnippet(language: Language, input: SnippetInput): string {
  return SNIPPETS[language](input)
}

const SNIPPETS = {
  client: toClient,
  curl: toCurl,
  python: toPython,
  'ali-oss': toAliOss,
} as const satisfies Record<Language, (input: SnippetInput) => string>

const text = (value: string) => JSON.stringify(value)

// In single quotes, which a shell leaves as they are.
const shell = (value: string) => `'${value.replaceAll("'", `'\\''`)}'`

const nameIn = (path: string) => path.split('/').at(-1) ?? path

function tokenOf({ user, baseUrl }: SnippetInput): string {
  return `// Of the local cloud; yours comes from your own sign-in.
async function getToken() {
  const body = JSON.stringify({ sub: ${text(user.sub)}, claims: { plan: ${text(user.plan)} } })
  const answer = await fetch(${text(`${baseUrl}/local/token`)}, { method: 'POST', body })
  return (await answer.json()).token
}`
}

function toClient(input: SnippetInput): string {
  const { rule, path, way, contentType, baseUrl } = input
  if (way === 'sts') return toAliOss(input)
  return `import { openAsBlob } from 'node:fs'
import { createOssDirect } from 'oss-direct/client'

${tokenOf(input)}

const oss = createOssDirect({ baseUrl: ${text(baseUrl)}, getToken })
// In a page: the file of an <input type="file">.
const file = await openAsBlob(process.argv[2] ?? ${text(nameIn(path))})
const upload = oss.upload(file, {
  rule: ${text(rule)},
  filename: ${text(path)},
  contentType: ${text(contentType)},
  mechanism: ${text(way)},
  onProgress: ({ sentBytes, totalBytes }) => console.log(sentBytes, 'of', totalBytes),
})
console.log(await upload.done)
`
}

function toCurl(input: SnippetInput): string {
  const { way, baseUrl, user, path, rule } = input
  const caller = JSON.stringify({ sub: user.sub, claims: { plan: user.plan } })
  const head = `BASE_URL=${shell(baseUrl)}
FILE=\${1:-${shell(nameIn(path))}}
# Of the local cloud; yours comes from your own sign-in.
TOKEN=$(curl -sS "$BASE_URL/local/token" -d ${shell(caller)} | jq -r .token)
`
  if (way === 'sts') {
    return `${head}# Credentials for ossutil or an SDK; keep them out of logs.
curl -sS --fail-with-body "$BASE_URL/sts" -H "Authorization: Bearer $TOKEN" \\
  -d ${shell(JSON.stringify({ rule, access: 'write' }))} | jq '{bucket, endpoint, prefix, refreshAfter}'
`
  }
  return head + (way === 'form' ? curlForm(input) : curlPut(input))
}

function curlAsk({ rule, path, contentType }: SnippetInput, ask: { path: string; put: boolean }) {
  const fixed = { ...(ask.put && { operation: 'put' }), rule, filename: path, contentType }
  return `SIGNED=$(jq -n --argjson size "$(wc -c <"$FILE")" ${shell(`${JSON.stringify(fixed)} + {contentLength: $size}`)} |
  curl -sS --fail-with-body "$BASE_URL${ask.path}" -H "Authorization: Bearer $TOKEN" -d @-) ||
  { echo "$SIGNED" >&2; exit 1; }
`
}

function curlPut(input: SnippetInput): string {
  return `${curlAsk(input, { path: '/signed-url', put: true })}printf '%s' "$SIGNED" |
  jq -r '"url = \\(.url | @json)", (.headers | to_entries[] | "header = \\("\\(.key): \\(.value)" | @json)")' |
  curl -sS --fail-with-body -K - -T "$FILE"
`
}

function curlForm(input: SnippetInput): string {
  return `${curlAsk(input, { path: '/post-policy', put: false })}printf '%s' "$SIGNED" |
  jq -r '"url = \\(.url | @json)", (.fields | to_entries[] | "form-string = \\("\\(.key)=\\(.value)" | @json)")' |
  curl -sS --fail-with-body -K - -F "file=@$FILE"
`
}

function toPython(input: SnippetInput): string {
  const { way, baseUrl, user, path, rule, contentType } = input
  const wanted = `"rule": ${text(rule)}, "filename": ${text(path)}, "contentType": ${text(contentType)}`
  const head = `import os
import sys

import requests

BASE_URL = ${text(baseUrl)}
path = sys.argv[1] if len(sys.argv) > 1 else ${text(nameIn(path))}
# Of the local cloud; yours comes from your own sign-in.
caller = {"sub": ${text(user.sub)}, "claims": {"plan": ${text(user.plan)}}}
token = requests.post(f"{BASE_URL}/local/token", json=caller).json()["token"]
auth = {"Authorization": f"Bearer {token}"}


def ask(where, wanted):
    answer = requests.post(BASE_URL + where, json=wanted, headers=auth)
    answer.raise_for_status()
    return answer.json()


`
  if (way === 'sts') {
    return `${head}lent = ask("/sts", {"rule": ${text(rule)}, "access": "write"})
# Credentials for an SDK of OSS; keep them out of logs.
print(lent["bucket"], lent["endpoint"], lent["prefix"], lent["refreshAfter"])
`
  }
  const size = `"contentLength": os.path.getsize(path)`
  if (way === 'form') {
    return `${head}form = ask("/post-policy", {${wanted}, ${size}})
with open(path, "rb") as file:
    stored = requests.post(form["url"], data=form["fields"], files={"file": file})
print(stored.status_code, stored.text)
`
  }
  return `${head}signed = ask("/signed-url", {"operation": "put", ${wanted}, ${size}})
with open(path, "rb") as file:
    stored = requests.put(signed["url"], headers=signed["headers"], data=file)
print(stored.status_code, stored.text)
`
}

function toAliOss(input: SnippetInput): string {
  const { rule, path, contentType, baseUrl } = input
  return `import OSS from 'ali-oss'

${tokenOf(input)}

// The rule must have the mechanism "sts".
async function lend() {
  const answer = await fetch(${text(`${baseUrl}/sts`)}, {
    method: 'POST',
    headers: { authorization: \`Bearer \${await getToken()}\` },
    body: JSON.stringify({ rule: ${text(rule)}, access: 'write' }),
  })
  if (!answer.ok) throw new Error(await answer.text())
  return answer.json()
}

const toKeys = ({ credentials }) => ({
  accessKeyId: credentials.accessKeyId,
  accessKeySecret: credentials.accessKeySecret,
  stsToken: credentials.securityToken,
})

const lent = await lend()
const { bucket, region, endpoint, prefix, headers, callback } = lent
const client = new OSS({
  ...toKeys(lent),
  ...{ bucket, region: \`oss-\${region}\`, endpoint },
  authorizationV4: true,
  sldEnable: new URL(endpoint).hostname === 'localhost',
  refreshSTSToken: async () => toKeys(await lend()),
})
const stored = await client.multipartUpload(prefix + ${text(path)}, process.argv[2] ?? ${text(nameIn(path))}, {
  mime: ${text(contentType)},
  headers,
  callback: {
    url: callback.callbackUrl,
    body: callback.callbackBody,
    contentType: callback.callbackBodyType,
    customValue: { ticket: callback.callbackVar['x:ticket'] },
  },
})
console.log(stored.data ?? stored.res.status)
`
}
