import { OBJECT } from '../errors/object'
import { OssError } from '../errors/oss-error'
import { firstValue, type OssRequest } from '../wire'

const NAME = 'x-oss-traffic-limit'
const MIN_BITS_PER_SECOND = 819_200
const MAX_BITS_PER_SECOND = 838_860_800

/** Throws an `OssError` for a limit outside OSS's range; traffic is not actually limited. */
export function checkTrafficLimit({ headers, query }: OssRequest): void {
  const inQuery = firstValue(query, NAME)
  const inHeader = headers[NAME]
  if (inQuery !== undefined && inHeader !== undefined) throw new OssError(OBJECT.twoTrafficLimits)
  const text = inQuery ?? inHeader
  if (text === undefined) return
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (limit >= MIN_BITS_PER_SECOND && limit <= MAX_BITS_PER_SECOND) return
  throw new OssError(OBJECT.trafficLimit)
}
