import { get as httpsGet } from 'node:https'
import { isIP } from 'node:net'
import { connect } from 'node:tls'
import type OSS from 'ali-oss'
import type { Finding } from '../findings'

/** The domain that is bound to the bucket. */
export type DomainOptions = {
  /** The setting OSS_ENDPOINT: the domain with its scheme. */
  endpoint: string
  /** A client that uses the domain. */
  client: OSS
  /** The host that the domain must lead to, for the fix. */
  target: string
  /** Unix ms. */
  now: () => number
  /** Certificate authorities in place of the system's. */
  ca?: string
}

type Certificate = { issue: string | undefined; days: number }

const SUBJECT = 'domain'
// Nobody may write it, so that it is never there.
const PROBE_KEY = '.oss-direct/doctor'
const TIMEOUT_MS = 5000
const DAY_MS = 86_400_000
const MIN_DAYS = 14
const UNRESOLVED = ['ENOTFOUND', 'EAI_AGAIN']
const ISSUES: Readonly<Record<string, string>> = {
  ERR_TLS_CERT_ALTNAME_INVALID: 'is for another name',
  CERT_HAS_EXPIRED: 'has expired',
  CERT_NOT_YET_VALID: 'is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'comes without the certificates between it and its authority',
}

/** Looks at the domain of OSS_ADDRESSING=cname: whether it answers, its certificate, and whether it serves the bucket. */
export async function examineDomain(options: DomainOptions): Promise<Finding[]> {
  const { hostname, protocol } = new URL(options.endpoint)
  if (protocol !== 'https:') {
    const why = 'a page with HTTPS may not send to it, and whoever listens reads tokens and files'
    const fix = 'bind a certificate to the domain in OSS, and set OSS_ENDPOINT=https://<domain>'
    return [{ state: 'wrong', subject: SUBJECT, what: `${hostname} has no HTTPS`, why, fix }]
  }
  try {
    const certificate = await readCertificate(options)
    const judged = judgeCertificate(certificate)
    // Nothing signed goes to a server that cannot prove its name.
    return certificate.issue === undefined ? [judged, await examineService(options)] : [judged]
  } catch (error) {
    return [explainFailure(hostname, error as NodeJS.ErrnoException, options.target)]
  }
}

function explainFailure(hostname: string, error: NodeJS.ErrnoException, target: string): Finding {
  const { code = error.message } = error
  if (!UNRESOLVED.includes(code)) {
    const fix = `look at the domain in OSS and at its CNAME record, which must lead to ${target}`
    return {
      state: 'unknown',
      subject: SUBJECT,
      what: `${hostname} cannot be reached: ${code}`,
      fix,
    }
  }
  const why = 'neither browsers nor functions find the bucket'
  const fix = `add a CNAME record from ${hostname} to ${target}`
  return { state: 'wrong', subject: SUBJECT, what: `${hostname} does not resolve`, why, fix }
}

function readCertificate({ endpoint, ca, now }: DomainOptions): Promise<Certificate> {
  const { hostname: host, port } = new URL(endpoint)
  return new Promise((resolve, reject) => {
    // An invalid certificate is what is looked for: nothing is sent over this connection.
    const name = isIP(host) === 0 ? { servername: host } : {}
    const options = { host, port: Number(port || 443), ...name, rejectUnauthorized: false }
    const socket = connect({ ...options, ...(ca && { ca }) }, () => {
      const { valid_to } = socket.getPeerCertificate()
      const days = Math.floor((Date.parse(valid_to) - now()) / DAY_MS)
      // The types know an error, Node has its code as a text.
      const issue = socket.authorized ? undefined : String(socket.authorizationError)
      socket.destroy()
      resolve({ issue, days })
    })
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('no answer in 5 s')))
    socket.on('error', reject)
  })
}

function judgeCertificate({ issue, days }: Certificate): Finding {
  const subject = 'certificate'
  const why = 'browsers refuse the domain'
  const fix = 'renew the certificate and bind it to the domain in OSS'
  const code = days < 0 ? 'CERT_HAS_EXPIRED' : issue
  if (code !== undefined) {
    return { state: 'wrong', subject, what: ISSUES[code] ?? `is invalid: ${code}`, why, fix }
  }
  const what = `is valid for ${days} more days`
  if (days >= MIN_DAYS) return { state: 'ok', subject, what }
  return { state: 'wrong', subject, what, why: `${why} then`, fix }
}

async function examineService(options: DomainOptions): Promise<Finding> {
  const fix = 'bind the domain to this bucket in OSS, and let its CNAME record lead there'
  const { headers } = await askUnsigned(options)
  if (headers['x-oss-request-id'] === undefined) {
    const what = 'is answered by something else than OSS'
    return { state: 'wrong', subject: SUBJECT, what, why: 'uploads do not reach the bucket', fix }
  }
  const { code = '' } = await options.client.get(PROBE_KEY).then(
    () => ({ code: 'NoSuchKey' }),
    (error: { code?: string }) => error,
  )
  if (code === 'NoSuchKey') return { state: 'ok', subject: SUBJECT, what: 'serves this bucket' }
  if (code === 'SignatureDoesNotMatch' || code === 'NoSuchBucket') {
    const what = `is bound to another bucket: OSS answers ${code}`
    return { state: 'wrong', subject: SUBJECT, what, why: 'every request is refused', fix }
  }
  const what = `cannot be told to serve this bucket: OSS answers ${code || 'nothing'}`
  return { state: 'unknown', subject: SUBJECT, what, fix: `oss-direct explain ${code}`.trim() }
}

// Whether the certificate is valid is said already, and nothing secret is sent.
function askUnsigned({ endpoint }: DomainOptions) {
  return new Promise<{ headers: NodeJS.Dict<string | string[]> }>((resolve, reject) => {
    const url = new URL(PROBE_KEY, endpoint)
    const options = { rejectUnauthorized: false, timeout: TIMEOUT_MS, agent: false } as const
    const request = httpsGet(url, options, (response) => {
      response.resume()
      resolve(response)
    })
    request.on('timeout', () => request.destroy(new Error('no answer in 5 s')))
    request.on('error', reject)
  })
}
