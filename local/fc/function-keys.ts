/** The AccessKeys of the functions' own sessions, by which OSS tells their requests from clients'. */
export type FunctionKeys = {
  add: (accessKeyId: string) => void
  /** Whether this `Authorization` header names one of them. URLs and forms that functions signed name none: clients send them. */
  isNamedIn: (authorization: string | undefined) => boolean
}

/** No keys yet. */
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
