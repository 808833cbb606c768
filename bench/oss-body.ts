import type { ClientRequest } from 'node:http'
import { DEFAULT_SEED } from '../local/ram/account'
import { signForm } from '../shared/signing/form'
import type { OssTarget } from '../shared/signing/target'

// The request bodies of the benchmarks.

const CHUNK = Buffer.alloc(1024 ** 2, 'x')
const BOUNDARY = 'boundary-of-the-form'

/**
 * Returns the bytes before and after the file of a signed form, and the content type of the body.
 */
export function formAround(target: OssTarget, key: string, now: number) {
  const fields = signForm({
    fields: { key },
    target,
    credentials: DEFAULT_SEED.root,
    now,
    policyText: (all) =>
      JSON.stringify({
        expiration: new Date((now + 3600) * 1000).toISOString(),
        conditions: Object.entries(all).map(([name, value]) => ['eq', `$${name}`, value]),
      }),
  })
  const parts = Object.entries(fields).map(([name, value]) => `${part(name)}${value}\r\n`)
  return {
    contentType: `multipart/form-data; boundary=${BOUNDARY}`,
    before: parts.join('') + part('file'),
    after: `\r\n--${BOUNDARY}--\r\n`,
  }
}

function part(name: string): string {
  return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`
}

/** Writes `bytes` bytes with backpressure and ends the request with `after`. */
export function pump(outgoing: ClientRequest, bytes: number, after: string): void {
  let left = bytes
  const write = () => {
    while (left > 0) {
      const chunk = CHUNK.subarray(0, Math.min(left, CHUNK.length))
      left -= chunk.length
      if (!outgoing.write(chunk) && left > 0) {
        outgoing.once('drain', write)
        return
      }
    }
    outgoing.end(after)
  }
  write()
}
