import { createOssDirect, type OssDirect } from '../../../client'
import type { OssDirectOptions } from '../../../client/types'
import type { Info } from '../../e2e/support/client'
import { issueToken } from '../../support/token'

/** Creates a client for a caller of a local cloud. */
export function clientFor(
  info: Info,
  options: Partial<OssDirectOptions> & { sub?: string; claims?: Record<string, unknown> } = {},
): OssDirect {
  const { sub = 'alice', claims = {}, ...own } = options
  const getToken = () => issueToken(info, { sub, claims })
  return createOssDirect({ baseUrl: info.gateway, getToken, storage: null, ...own })
}

/** A file of this many bytes. */
export function fileOf(bytes: number, name = 'a.bin', type = 'application/octet-stream'): File {
  return new File([new Uint8Array(bytes).fill(97)], name, { type })
}
