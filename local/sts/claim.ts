/** What a signed request says of itself, before anything of it is proven. */
export type Claim = {
  date: string
  nonce: string
  accessKeyId: string
  securityToken: string | undefined
  /** Where the string to sign is but its hash, what was hashed. */
  canonicalRequest?: string
  stringToSign: string
  signature: string
  sign: (secret: string) => string
}
