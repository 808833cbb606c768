import type { CorsRule } from '../doctor'
import type { Finding } from '../findings'

const METHODS = ['PUT', 'POST', 'GET', 'HEAD']

/** Says for each origin of your pages whether the bucket's CORS rules let it upload and download. */
export function examineOrigins(
  cors: readonly CorsRule[] | undefined,
  origins: readonly string[],
): Finding[] {
  if (cors === undefined || cors.length === 0) return []
  return origins.map((origin) => {
    const missing = METHODS.filter((method) => !isAllowed(cors, origin, method))
    const subject = 'origin'
    if (missing.length === 0)
      return { state: 'ok', subject, what: `${origin} may upload and download` }
    return {
      ...{ state: 'wrong', subject, what: `${origin} may not ${missing.join(', ')}` },
      why: 'its pages cannot upload: the browser says CORS error',
      fix: 'add it to the rule, written as the browser sends it: oss-direct roles --origins',
    }
  })
}

// OSS takes the first rule that matches origin and method (OSS: PutBucketCors).
function isAllowed(cors: readonly CorsRule[], origin: string, method: string): boolean {
  return cors.some(({ allowedOrigin, allowedMethod }) => {
    const methods = [allowedMethod ?? []].flat().map((each) => each.toUpperCase())
    return (
      methods.includes(method) && [allowedOrigin ?? []].flat().some((each) => matches(each, origin))
    )
  })
}

function matches(pattern: string, origin: string): boolean {
  const [start = '', end] = pattern.split('*')
  if (end === undefined) return pattern === origin
  return origin === '*'
    ? pattern === '*'
    : origin.length >= start.length + end.length && origin.startsWith(start) && origin.endsWith(end)
}
