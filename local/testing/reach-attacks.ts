import { isContentTypeAllowed } from '../../shared/rules/content-type'
import type { Credentials } from '../../shared/signing/v4'
import { type Attack, needsOwners, type Outcome, type Scene, stoppedUnless } from './attack'
import type { Answer } from './target'

const ACLS = ['', 'default', 'private', 'public-read', 'public-read-write']
const ACL = 'x-oss-object-acl'

type Lent = { credentials: Credentials; prefix: string }

/**
 * Attacks with STS credentials and download URLs: on other callers' objects and on public access.
 */
export const REACH_ATTACKS: readonly Attack[] = [
  bySts('writing to another caller', needsOwners, async (scene, { credentials }) => {
    const headers = { [ACL]: aclOf(scene) }
    const key = scene.foreign
    const { status } = await sign(scene, { method: 'PUT', key, headers, credentials })
    return stoppedUnless(status < 300, key)
  }),
  bySts('reading from another caller', needsOwners, async (scene, { credentials }) => {
    await sign(scene, { method: 'PUT', key: scene.foreign })
    const { status } = await sign(scene, { method: 'GET', key: scene.foreign, credentials })
    return stoppedUnless(status < 300, scene.foreign)
  }),
  bySts('listing and deleting', undefined, async (scene, { credentials, prefix }) => {
    await sign(scene, { method: 'PUT', key: `${prefix}a` })
    const query = { 'list-type': '2', prefix: '' }
    const replies = [
      await sign(scene, { method: 'GET', key: '', query, credentials }),
      await sign(scene, { method: 'DELETE', key: `${prefix}a`, credentials }),
      await sign(scene, { method: 'PUT', key: `${prefix}a`, query: { acl: '' }, credentials }),
    ]
    const through = replies.findIndex(({ status }) => status < 300)
    return stoppedUnless(through >= 0, `request ${through + 1} of list, delete, set the ACL`)
  }),
  bySts(
    'an ACL other than that of the rule',
    needsUploads,
    async (scene, { credentials, prefix }) => {
      const key = `${prefix}b`
      for (const acl of ACLS.filter((acl) => acl !== aclOf(scene))) {
        const headers = { [ACL]: acl }
        const { status } = await sign(scene, { method: 'PUT', key, headers, credentials })
        if (status < 300) return { through: `the ACL "${acl}"` }
      }
      return stoppedUnless(false, '')
    },
  ),
  bySts('credentials that have expired', needsUploads, async (scene, { credentials, prefix }) => {
    scene.target.wait(3600 + 1)
    const headers = { [ACL]: aclOf(scene) }
    const { status } = await sign(scene, { method: 'PUT', key: `${prefix}c`, headers, credentials })
    return stoppedUnless(status < 300, 'it was stored')
  }),
  byUrl('an object of another caller', needsOwners, async (scene) => {
    const honest = await askGet(scene, scene.own)
    if (honest.answer.key === undefined) return { skipped: refusedAs(honest.answer) }
    const { answer } = await askGet(scene, scene.foreign)
    return stoppedUnless(answer.key !== undefined, scene.foreign)
  }),
  byUrl('the URL of an own object for that of another', needsOwners, async (scene) => {
    await sign(scene, { method: 'PUT', key: scene.foreign })
    const { answer } = await askGet(scene, scene.own)
    if (answer.key === undefined) return { skipped: refusedAs(answer) }
    const url = new URL(answer.url)
    url.pathname = url.pathname.replace(/^(\/[^/]+\/).*/, (_, bucket) => bucket + scene.foreign)
    const { status } = await scene.target.send({ method: 'GET', url: url.href })
    return stoppedUnless(status < 300, scene.foreign)
  }),
  byUrl('a page with a script, to be shown', undefined, async (scene) => {
    if (!scene.rule.upload) return { skipped: 'its callers store nothing' }
    const headers = { 'content-type': 'text/html', 'content-disposition': 'inline' }
    await sign(scene, { method: 'PUT', key: scene.own, headers })
    const { answer } = await askGet(scene, scene.own, { as: 'inline' })
    if (answer.key === undefined) return { skipped: refusedAs(answer) }
    const reply = await scene.target.send({ method: 'GET', url: answer.url })
    const shown = String(reply.headers['content-disposition'] ?? 'inline')
    // If uploads can only be of types that browsers do not execute, no caller stored this page.
    const isStorable = canStore(scene, 'text/html')
    return stoppedUnless(isStorable && !shown.startsWith('attachment'), shown)
  }),
  byUrl('a URL that has expired', undefined, async (scene) => {
    await sign(scene, { method: 'PUT', key: scene.own })
    const { answer } = await askGet(scene, scene.own)
    if (answer.key === undefined) return { skipped: refusedAs(answer) }
    scene.target.wait((scene.rule.download?.ttlSeconds ?? 0) + 1)
    const { status } = await scene.target.send({ method: 'GET', url: answer.url })
    return stoppedUnless(status < 300, 'it was read')
  }),
]

function refusedAs({ code }: Answer): string {
  return `the honest request got ${code}`
}

type Run = (scene: Scene, lent: Lent) => Promise<Outcome>

function bySts(name: string, skip: Attack['skip'], run: Run): Attack {
  return {
    name,
    by: 'sts',
    ...(skip && { skip }),
    run: async (scene) => {
      const { upload, download, name: rule } = scene.rule
      const writes = upload?.mechanisms.includes('sts')
      const reads = download?.mechanisms.includes('sts')
      const access = writes && reads ? 'read-write' : writes ? 'write' : 'read'
      const { answer } = await scene.target.ask('/sts', { rule, access })
      if (answer.credentials === undefined) return { skipped: refusedAs(answer) }
      return run(scene, answer)
    },
  }
}

function byUrl(name: string, skip: Attack['skip'], run: Attack['run']): Attack {
  return { name, by: 'download', ...(skip && { skip }), run }
}

function needsUploads({ upload }: Scene['rule']): string | undefined {
  return upload?.mechanisms.includes('sts') ? undefined : 'it lends STS to read alone'
}

function aclOf({ rule }: Scene): string {
  return rule.upload?.headers['x-oss-object-acl'] ?? 'private'
}

function canStore({ rule }: Scene, type: string): boolean {
  const { contentTypes = [], mechanisms = [] } = rule.upload ?? {}
  return mechanisms.includes('sts') || isContentTypeAllowed(type, contentTypes)
}

type Order = Omit<Parameters<Scene['target']['sendSigned']>[0], 'rule' | 'body'>

function sign({ target, rule }: Scene, order: Order) {
  const body = order.method === 'PUT' ? { body: Buffer.from('x') } : {}
  return target.sendSigned({ rule, ...order, ...body })
}

function askGet({ target, rule }: Scene, key: string, more: object = {}) {
  return target.ask('/signed-url', { operation: 'get', rule: rule.name, key, ...more })
}
