/** The parts of `@alicloud/fc2` 2.6.6 that are used here; the package contains no types. */
declare module '@alicloud/fc2' {
  type Config = {
    accessKeyID: string
    accessKeySecret: string
    securityToken?: string
    region: string
    /** An origin; when absent, it is built from account and region. */
    endpoint?: string
    secure?: boolean
    /** ms. */
    timeout?: number
  }
  type Answer = { headers: Record<string, string>; data: unknown }

  class FC {
    constructor(accountId: string, config: Config)
    version: string
    get(path: string, query?: object, headers?: Record<string, string>): Promise<Answer>
    post(path: string, body: string | Buffer, headers?: Record<string, string>): Promise<Answer>
    static getSignature(
      accessKeyId: string,
      accessKeySecret: string,
      method: string,
      path: string,
      headers: Record<string, string>,
      queries?: Record<string, string>,
    ): string
  }
  export = FC
}
