import { toLinkRefusal } from '../../shared/dialects/link-refusal'
import { REASONS, type Reason, Refusal } from '../../shared/errors'

const REASON_NAMES = Object.keys(REASONS) as Reason[]
const PASSING = ['too_many_requests', 'internal', 'unavailable']

it.each(REASON_NAMES.filter((reason) => !PASSING.includes(REASONS[reason])))(
  'says the same of %s as of any other reason why a link is not valid',
  (reason) => {
    expect(toLinkRefusal(new Refusal(reason, { rule: 'media' }))).toEqual({
      StatusCode: 403,
      Code: 'Forbidden',
      ErrorCode: 'invalid_link',
      ErrorMessage: 'This link gives no credentials. Request a new one.',
    })
  },
)

it.each(['sts_limit', 'sts_unavailable', 'unexpected'] as const)(
  'says that the link may work later: %s',
  (reason) => {
    expect(toLinkRefusal(new Refusal(reason))).toEqual({
      StatusCode: 403,
      Code: 'Forbidden',
      ErrorCode: REASONS[reason],
      ErrorMessage: expect.stringContaining('try again'.slice(1)),
    })
  },
)
