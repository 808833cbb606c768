import { FUNCTION_NAMES, type FunctionName, variablesOf } from '../../shared/env/function-settings'
import { parseSettings } from '../../shared/env/settings'
import { ENVIRONMENT } from './support/settings-example'

const SECRETS = {
  AUTH_SECRET: ['sts', 'signed-url', 'post-policy', 'web-server'],
  TICKET_SECRETS: ['sts', 'signed-url', 'post-policy', 'upload-callback', 'web-server'],
  EVENT_WEBHOOK_SECRETS: ['upload-callback', 'upload-event', 'upload-sweep', 'web-server'],
} as const satisfies Record<string, readonly FunctionName[]>

describe.each(FUNCTION_NAMES)('%s', (name) => {
  const own = variablesOf(name)
  const given = Object.fromEntries(
    Object.entries(ENVIRONMENT).filter(([variable]) => own.some((each) => each === variable)),
  )

  it('starts with the variables that it reads and no others', () => {
    expect(parseSettings(given, name).target.bucket).toBe('demo-bucket')
  })

  it('starts whatever is wrong with those that it does not read', () => {
    const wrong = Object.keys(ENVIRONMENT).filter((variable) => !(variable in given))
    const environment = {
      ...given,
      ...Object.fromEntries(wrong.map((variable) => [variable, '?'])),
    }
    expect(parseSettings(environment, name).target.bucket).toBe('demo-bucket')
  })

  it.each(Object.keys(given))('does not start without %s', (variable) => {
    const { [variable]: _, ...rest } = given
    const isChosen = variable === 'AUTH_SECRET'
    expect(isChosen || doesFail(() => parseSettings(rest, name))).toBe(true)
  })

  it('has the secrets that it needs, and no others', () => {
    const secrets = Object.entries(SECRETS).filter(([, readers]) =>
      readers.some((reader) => reader === name),
    )
    expect(own.filter((variable) => variable in SECRETS).sort()).toEqual(
      secrets.map(([secret]) => secret).sort(),
    )
  })
})

function doesFail(act: () => unknown): boolean {
  try {
    act()
    return false
  } catch {
    return true
  }
}

it('a setting that a function does not read throws where it is read all the same', () => {
  const settings = parseSettings(ENVIRONMENT, 'upload-event')
  expect(() => settings.ticketSecrets).toThrow(
    'upload-event reads the setting ticketSecrets: list it in function-settings.ts',
  )
  expect(Object.keys(settings)).not.toContain('ticketSecrets')
  expect(parseSettings(ENVIRONMENT, 'sts').ticketSecrets).toHaveLength(1)
})
