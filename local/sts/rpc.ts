import { createHmac } from 'node:crypto'
import type { Claim } from './claim'
import { StsError } from './errors'
import { encode, type Pairs, parameter, type StsRequest, toCanonicalQuery } from './request'

/**
 * Reads the claim of a request signed by HMAC-SHA1 in its parameters (RAM: request signatures,
 * version 1.0).
 */
export function readRpc(request: StsRequest): Claim {
  const need = (name: string): string => {
    const value = parameter(request, name)
    if (value) return value
    throw new StsError('MissingParameter', `${name} is mandatory for this action.`)
  }
  if (need('SignatureMethod') !== 'HMAC-SHA1' || need('SignatureVersion') !== '1.0') {
    throw new StsError('IncompleteSignature')
  }
  const stringToSign = toRpcStringToSign(request.method, [...request.query, ...request.form])
  return {
    accessKeyId: need('AccessKeyId'),
    date: need('Timestamp'),
    nonce: need('SignatureNonce'),
    signature: need('Signature'),
    securityToken: parameter(request, 'SecurityToken') || undefined,
    stringToSign,
    sign: (secret) => signRpc(secret, stringToSign),
  }
}

/**
 * Returns the string to sign: the method and all parameters except the signature, sorted and
 * encoded twice.
 * @internal
 */
export function toRpcStringToSign(method: string, parameters: Pairs): string {
  const signed = parameters.filter(([name]) => name !== 'Signature')
  return `${method}&${encode('/')}&${encode(toCanonicalQuery(signed))}`
}

/** Returns the base64 HMAC-SHA1 with the secret followed by `&`. @internal */
export function signRpc(secret: string, stringToSign: string): string {
  return createHmac('sha1', `${secret}&`).update(stringToSign).digest('base64')
}
