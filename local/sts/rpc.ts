import { createHmac } from 'node:crypto'
import type { Claim } from './claim'
import { StsError } from './errors'
import { encode, type Pairs, parameter, type StsRequest, toCanonicalQuery } from './request'

/** What a request signed by HMAC-SHA1 in its parameters claims (RAM: request signatures, version 1.0). */
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

/** The method and all parameters but the signature, sorted, and encoded twice. */
export function toRpcStringToSign(method: string, parameters: Pairs): string {
  const signed = parameters.filter(([name]) => name !== 'Signature')
  return `${method}&${encode('/')}&${encode(toCanonicalQuery(signed))}`
}

/** Base64 HMAC-SHA1 by the secret with an `&` at its end. */
export function signRpc(secret: string, stringToSign: string): string {
  return createHmac('sha1', `${secret}&`).update(stringToSign).digest('base64')
}
