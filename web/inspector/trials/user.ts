import { type OssDirect, OssDirectError, xhrTransport } from '../../../client'
import { clientFor } from '../../session/session'
import { fromJson, toRecord } from '../decode'
import { isAsk } from '../story'
import { OTHER_USER, ruleOf, type TrialInput, type TrialResult, toProbe } from './trial'

/** Asks for the file as another user; of a rule without downloads, for an upload: the key that comes back is their own. */
export async function tryUser({ transfer, key }: TrialInput): Promise<TrialResult> {
  const { rule, user, file } = transfer
  const own = await ruleOf(clientFor(user), rule)
  const other = clientFor({ sub: OTHER_USER, plan: user.plan })
  try {
    if (own?.download?.mechanisms.includes('url')) {
      await other.download(key, { rule })
      return { by: 'functions', status: 200, code: 'OK', key }
    }
    const { name, type, size } = toProbe({ transfer, key, way: 'put' }, own)
    const isForm = own?.upload?.mechanisms.includes('form')
    const described = { name, type: type || file.type, size }
    const { key: theirs } = isForm
      ? await other.fields(rule, described)
      : await signOnly(other, rule, new File([new Uint8Array(size)], name, { type }))
    return { by: 'functions', status: 200, code: 'OK', key: theirs }
  } catch (error) {
    if (!(error instanceof OssDirectError) || error.code === 'network') {
      return { by: 'nobody', status: 0, code: '' }
    }
    return { by: 'functions', status: error.status ?? 403, code: error.code }
  }
}

// Asks for a URL and sends nothing to OSS.
async function signOnly(client: OssDirect, rule: string, file: File): Promise<{ key: string }> {
  let key = ''
  const stops = new AbortController()
  const { done } = client.upload(file, {
    ...{ rule, mechanism: 'put', signal: stops.signal },
    async transport(request) {
      if (!isAsk(request))
        throw new OssDirectError('Only signed', { code: 'stop', retryable: false })
      const response = await xhrTransport(request)
      key = String(toRecord(fromJson(response.text))?.key ?? '')
      return response
    },
  })
  await done.catch((error: unknown) => {
    if (key === '') throw error
  })
  return { key }
}
