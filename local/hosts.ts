import { isIP } from 'node:net'

/** The host names of a local cloud: loopback, and those in its options. */
export type HostOptions = {
  host?: string | undefined
  endpointHosts?: readonly string[] | undefined
}

const WILDCARDS = ['0.0.0.0', '::']

/**
 * Returns true for a hostname that always is this machine: `localhost` and its subdomains,
 * 127.0.0.0/8, `[::1]`.
 */
export function isLoopbackHost(hostname: string): boolean {
  return /^(?:(?:[a-z0-9-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\]|::1)$/i.test(hostname)
}

/** Returns the hostname of a `Host` header, without its port. */
export function hostnameOf(header: string): string {
  return header.toLowerCase().replace(/:\d*$/, '')
}

/**
 * Creates the check for the cloud's hostnames. All others are refused: a page on a name that was
 * rebound to this machine's address sends that name.
 */
export function createHostCheck({
  host = '127.0.0.1',
  endpointHosts = [],
}: HostOptions): (hostname: string) => boolean {
  const names = [host, ...endpointHosts].map((name) => name.toLowerCase())
  // An address cannot be rebound.
  const takesAddresses = WILDCARDS.includes(host)
  return (hostname) =>
    isLoopbackHost(hostname) ||
    names.some((name) => hostname === name || hostname.endsWith(`.${name}`)) ||
    (takesAddresses && isIP(hostname.replace(/^\[(.*)\]$/, '$1')) !== 0)
}

/** Returns true for the origin of a page on a host that the check accepts. */
export function isOwnOrigin(origin: string, isOwnHost: (hostname: string) => boolean): boolean {
  return URL.canParse(origin) && isOwnHost(new URL(origin).hostname)
}
