/** The unverified identity and signature of a request. */
export type Claim = {
  date: string
  nonce: string
  accessKeyId: string
  securityToken: string | undefined
  /** The canonical request, if the string to sign only has its hash. */
  canonicalRequest?: string
  stringToSign: string
  signature: string
  sign: (secret: string) => string
}
