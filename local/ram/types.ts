/** A RAM policy document; a string and an array of one are equivalent. */
export type PolicyDocument = { Version: '1'; Statement: PolicyStatement[] }

export type PolicyStatement = {
  Effect: 'Allow' | 'Deny'
  Action?: string | string[]
  NotAction?: string | string[]
  Resource: string | string[]
  Condition?: Record<string, Record<string, string | string[]>>
}

/** An AccessKey of the account itself (`root`) or of a RAM user with its policies. */
export type AccessKey = {
  accessKeyId: string
  accessKeySecret: string
  /** Disabled in RAM: its signatures are refused. */
  inactive?: boolean
  user: { name: string; root: true } | { name: string; root: false; policies: PolicyDocument[] }
}

/** A RAM role: `trusts` are the principal ARNs or services that may assume it. */
export type Role = {
  name: string
  arn: string
  trusts: string[]
  externalId?: string
  policies: PolicyDocument[]
  maxSessionSeconds: number
}

/** The emulated Alibaba Cloud account, shared by STS and OSS. */
export type Account = {
  /** 16 digits. */
  id: string
  keys: AccessKey[]
  roles: Role[]
  /** Encrypts and decrypts security tokens; 32 random bytes. */
  tokenKey: Buffer
}

/** The signer of a request; `id` is the account's. */
export type Principal =
  | { kind: 'root'; id: string; accessKeyId: string }
  | { kind: 'user'; id: string; accessKeyId: string; policies: PolicyDocument[] }
  | {
      kind: 'session'
      id: string
      accessKeyId: string
      role: Role
      sessionName: string
      sessionPolicy?: PolicyDocument
      sourceIdentity?: string
    }

/** STS credentials as AssumeRole returns them; `expiresAt` in Unix ms. */
export type SessionCredentials = {
  accessKeyId: string
  accessKeySecret: string
  securityToken: string
  expiresAt: number
}
