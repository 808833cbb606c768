import { reportsForms } from '../../shared/rules/rights'
import {
  type Attack,
  foreignType,
  HOSTILE_NAMES,
  needsOwners,
  type Outcome,
  type Scene,
  stoppedUnless,
} from './attack'
import type { Answer } from './target'

const WAYS = {
  url: { path: '/signed-url', operation: { operation: 'put' } },
  form: { path: '/post-policy', operation: {} },
} as const

type Way = keyof typeof WAYS

/** The changes of a dishonest client to a granted request. */
type Change = {
  headers?: Record<string, string>
  /** The fields, or parameters of the URL, that are not sent. */
  without?: readonly string[]
  key?: string
  bytes?: Buffer
}

/** Attacks on uploads, by URL and by form. */
export const UPLOAD_ATTACKS: readonly Attack[] = (['url', 'form'] as const).flatMap((by) => [
  ask(by, 'a file name that leads out of the own folder', async (scene) => {
    const answers = await Promise.all(
      HOSTILE_NAMES.map((filename) => request(scene, by, { filename })),
    )
    const strays = answers.filter(({ key }) => key !== undefined && !isOwn(scene, key))
    return stoppedUnless(strays.length > 0, `the key ${strays[0]?.key}`)
  }),
  ask(by, 'a type that the rule does not allow', async (scene) => {
    const contentType = foreignType(scene.rule)
    if (contentType === undefined) return { skipped: 'it allows every type' }
    const { key } = await request(scene, by, { contentType })
    return stoppedUnless(key !== undefined, contentType)
  }),
  ask(by, 'a file larger than the rule allows', async (scene) => {
    const { isSized, maxBytes } = scene.rule.upload ?? {}
    if (!isSized || maxBytes === undefined) return { skipped: 'it limits no size' }
    const { key } = await request(scene, by, { contentLength: maxBytes + 1 })
    return stoppedUnless(key !== undefined, `${maxBytes + 1} bytes`)
  }),
  change(by, 'another type than was granted', () => ({ headers: { 'content-type': 'text/html' } })),
  change(by, 'one byte more than was granted', ({ bytes }) => ({
    bytes: Buffer.concat([bytes, Buffer.from('x')]),
  })),
  change(by, 'a public ACL', () => ({ headers: { 'x-oss-object-acl': 'public-read-write' } })),
  change(by, 'the key of another caller', ({ foreign }) => ({ key: foreign }), needsOwners),
  change(
    by,
    'no callback',
    () => ({ without: ['callback', 'callback-var', 'x:ticket'] }),
    (rule) => (by === 'form' && !reportsForms(rule) ? 'its forms may do without' : undefined),
  ),
  ask(by, 'an object that is there already', async (scene) => {
    if (scene.rule.upload?.overwrite) return { skipped: 'it lets objects be replaced' }
    const answer = await granted(scene, by)
    if ('skipped' in answer) return answer
    const first = await send(scene, by, answer, {})
    if (first >= 300) return { skipped: `the honest upload got ${first}` }
    return stoppedUnless((await send(scene, by, answer, {})) < 300, 'it was replaced')
  }),
  ask(by, 'a grant that has expired', async (scene) => {
    const answer = await granted(scene, by)
    if ('skipped' in answer) return answer
    scene.target.wait((scene.rule.upload?.ttlSeconds ?? 0) + 1)
    return stoppedUnless((await send(scene, by, answer, {})) < 300, 'it was stored')
  }),
  ask(by, 'no token of ours', async ({ target, request: example }) => {
    const { path, operation } = WAYS[by]
    const { status } = await target.ask(path, { ...operation, ...example }, 'a.b.c')
    return stoppedUnless(status < 300, 'it was granted')
  }),
])

// An attack proves nothing if the honest request is refused too.
function ask(by: Way, name: string, run: Attack['run']): Attack {
  return {
    name,
    by,
    run: async (scene) => {
      const answer = await granted(scene, by)
      return 'skipped' in answer ? answer : run(scene)
    },
  }
}

// Sends a granted request with one change.
function change(
  by: Way,
  name: string,
  toChange: (scene: Scene) => Change,
  skip?: Attack['skip'],
): Attack {
  const run = async (scene: Scene): Promise<Outcome> => {
    const answer = await granted(scene, by)
    if ('skipped' in answer) return answer
    const status = await send(scene, by, answer, toChange(scene))
    return stoppedUnless(status < 300, `OSS answered ${status}`)
  }
  return { name, by, run, ...(skip && { skip }) }
}

async function request(scene: Scene, by: Way, changed: object): Promise<Answer> {
  const { path, operation } = WAYS[by]
  const md5 = by === 'url' && scene.rule.upload?.needsMd5 && { contentMd5: scene.contentMd5 }
  const body = { ...operation, ...scene.request, ...md5, ...changed }
  return (await scene.target.ask(path, body)).answer
}

async function granted(scene: Scene, by: Way): Promise<Answer | { skipped: string }> {
  const answer = await request(scene, by, {})
  return answer.key === undefined ? { skipped: `the honest request got ${answer.code}` } : answer
}

function isOwn({ own, foreignPrefix, rule }: Scene, key: string): boolean {
  if (!rule.template.isolates) return key.startsWith(rule.template.literalPrefix)
  const depth = foreignPrefix.split('/').length - 1
  return key.startsWith(`${own.split('/').slice(0, depth).join('/')}/`)
}

async function send(scene: Scene, by: Way, answer: Answer, changed: Change): Promise<number> {
  const { status } = await (by === 'url' ? put : post)(scene, answer, changed)
  return status
}

async function put({ target, bytes }: Scene, answer: Answer, changed: Change) {
  const url = new URL(answer.url)
  if (changed.key !== undefined) {
    url.pathname = url.pathname.replace(/^(\/[^/]+\/).*/, (_, bucket) => bucket + changed.key)
  }
  for (const name of changed.without ?? []) url.searchParams.delete(name)
  const headers = { ...answer.headers, ...changed.headers }
  return target.send({ method: 'PUT', url: url.href, headers, body: changed.bytes ?? bytes })
}

const BOUNDARY = 'a-boundary-that-no-file-holds'

async function post({ target, bytes }: Scene, answer: Answer, changed: Change) {
  const type = changed.headers?.['content-type']
  const fields: Record<string, string> = {
    ...answer.fields,
    ...(type === undefined
      ? changed.headers
      : { 'Content-Type': type, 'x-oss-content-type': type }),
    ...(changed.key !== undefined && { key: changed.key }),
  }
  for (const name of changed.without ?? []) delete fields[name]
  const parts = Object.entries({ ...fields, file: '' }).map(([name, value]) => {
    const rest = name === 'file' ? '; filename="../a.html"\r\nContent-Type: text/html' : ''
    return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${rest}\r\n\r\n${value}`
  })
  const end = Buffer.from(`\r\n--${BOUNDARY}--\r\n`)
  const body = Buffer.concat([Buffer.from(parts.join('\r\n')), changed.bytes ?? bytes, end])
  const headers = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` }
  return target.send({ method: 'POST', url: answer.url, headers, body })
}
