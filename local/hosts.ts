import { isIP } from 'node:net'

/** The names by which a local cloud may be called: loopback's, and those that its options give. */
export type HostOptions = {
  host?: string | undefined
  endpointHosts?: readonly string[] | undefined
}

const WILDCARDS = ['0.0.0.0', '::']

/** Whether this hostname always is this machine: `localhost` and what is below it, 127.0.0.0/8, `[::1]`. */
export function isLoopbackHost(hostname: string): boolean {
  return /^(?:(?:[a-z0-9-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\]|::1)$/i.test(hostname)
}

/** The hostname of a `Host` header, without its port. */
export function hostnameOf(header: string): string {
  return header.toLowerCase().replace(/:\d*$/, '')
}

/**
 * Whether a hostname is one of the cloud's own. All others are refused: a web page whose name was
 * rebound to this machine's address sends that name.
 */
export function createHostCheck({
  host = '127.0.0.1',
  endpointHosts = [],
}: HostOptions): (hostname: string) => boolean {
  const names = [host, ...endpointHosts].map((name) => name.toLowerCase())
  // Nobody can rebind a name that is an address.
  const takesAddresses = WILDCARDS.includes(host)
  return (hostname) =>
    isLoopbackHost(hostname) ||
    names.some((name) => hostname === name || hostname.endsWith(`.${name}`)) ||
    (takesAddresses && isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0)
}

/** Whether a page of this origin is one of a host that the check takes. */
export function isOwnOrigin(origin: string, isOwnHost: (hostname: string) => boolean): boolean {
  return URL.canParse(origin) && isOwnHost(new URL(origin).hostname)
}
