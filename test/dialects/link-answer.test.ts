import { toLinkAnswer } from '../../shared/dialects/link-answer'
import { CREDENTIALS } from './support/lent'

it('has the names of the mobile SDKs and of CredentialsURI', () => {
  expect(toLinkAnswer(CREDENTIALS)).toEqual({
    StatusCode: 200,
    Code: 'Success',
    AccessKeyId: 'STS.id',
    AccessKeySecret: 'secret',
    SecurityToken: 'token',
    Expiration: '2023-11-14T23:13:20Z',
  })
})

it('has no fraction of a second, which iOS can’t read', () => {
  const expiration = '2023-11-14T23:13:20.999Z'
  expect(toLinkAnswer({ ...CREDENTIALS, expiration }).Expiration).toBe('2023-11-14T23:13:20Z')
})
