import { ask, BUCKET, NOW, type Reply, shareCloud } from './cloud'
import { type Draft, headerV1, headerV4, type Signed, type Signer, urlV1, urlV4 } from './sign'

/** The request of most signatures in tests. */
export const GET: Draft = { method: 'GET', bucket: BUCKET, key: 'a/b' }

/** Shares one OSS among the tests of a file, with the object of `GET`. */
export function shareObject() {
  const cloud = shareCloud()
  beforeAll(() => ask(cloud(), { method: 'PUT', key: GET.key }, 'hello'))
  return cloud
}

/** The expiry of V1 URLs, in Unix seconds. */
export const EXPIRES = NOW / 1000 + 600

/** The four combinations of place and version of a signature. */
export const SCHEMES: [string, (draft: Draft, signer: Signer) => Signed][] = [
  ['V4 in the header', (draft, signer) => headerV4(draft, signer, NOW)],
  ['V4 in the URL', (draft, signer) => urlV4(draft, signer, { now: NOW })],
  ['V1 in the header', (draft, signer) => headerV1(draft, signer, NOW)],
  ['V1 in the URL', (draft, signer) => urlV1(draft, signer, EXPIRES)],
]

/** Returns status, code and EC of a response. */
export function outcome({ status, code, ec }: Reply) {
  return [status, code, ec]
}

/** Changes one character of the signature, wherever it is. */
export function flip(signed: Signed): Signed {
  const change = (text: string) =>
    text.replace(
      /((?:Signature|signature)=|:)([A-Za-z0-9%+/=]+)$/,
      (_, head: string, tail: string) => {
        const last = tail.charAt(3) === 'a' ? 'b' : 'a'
        return `${head}${tail.slice(0, 3)}${last}${tail.slice(4)}`
      },
    )
  const { authorization } = signed.headers
  if (authorization !== undefined) {
    return { ...signed, headers: { ...signed.headers, authorization: change(authorization) } }
  }
  const at = /([?&])((?:x-oss-signature|Signature)=[^&]*)/.exec(signed.path)
  const text = at?.[2] ?? ''
  return { ...signed, path: signed.path.replace(text, change(text)) }
}
