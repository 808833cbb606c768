/**
 * The AccessKeys of the functions' sessions, by which OSS distinguishes their requests from those
 * of clients.
 */
export type FunctionKeys = {
  add: (accessKeyId: string) => void
  /**
   * Returns true if an `Authorization` header names one of them. URLs and forms that functions
   * signed do not count: clients send them.
   */
  isNamedIn: (authorization: string | undefined) => boolean
}

/** Creates an empty set of keys. */
export function createFunctionKeys(): FunctionKeys {
  const ids = new Set<string>()
  return {
    add: (accessKeyId) => ids.add(accessKeyId),
    isNamedIn: (authorization = '') => {
      const [, v4, v1] =
        /^OSS4\S+ .*\bCredential=([^/,\s]+)|^OSS ([^:\s]+):/.exec(authorization) ?? []
      return ids.has(v4 ?? v1 ?? '')
    },
  }
}
