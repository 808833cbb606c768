import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import rules from '../../rules'
import { findManifestIssues, type Manifest } from '../../tools/check-manifest'
import { previewOf } from '../support/preview'

const ROOT = join(__dirname, '../..')
const FUNCTIONS = readdirSync(join(ROOT, 'functions')).map((file) => basename(file, '.ts'))
const MANIFEST = previewOf()

/** The issues of the manifest with this change. */
function issuesOf(change: (resources: Manifest['resources']) => void): string[] {
  const manifest = structuredClone(MANIFEST)
  change(manifest.resources)
  return findManifestIssues(manifest, FUNCTIONS, rules)
}

function propsOf(resources: Manifest['resources'], name: string) {
  const props = resources[name]?.props
  if (props === undefined) throw new Error(`The manifest has no ${name}`)
  return props
}

it('takes the manifest as it is', () => {
  expect(issuesOf(() => undefined)).toEqual([])
})

it('has no reserved instances, which no other function of the account could use', () => {
  expect(JSON.stringify(MANIFEST)).not.toContain('reservedConcurrency')
})

it('lets the functions reach OSS inside, which does not refuse new accounts of mainland China', () => {
  const own = FUNCTIONS.map((name) => propsOf(MANIFEST.resources, name).environmentVariables)
  expect(new Set(own.map(({ OSS_INTERNAL_ENDPOINT }) => OSS_INTERNAL_ENDPOINT))).toEqual(
    new Set(['internal']),
  )
})

it('names no ECDSA suite, which Function Compute does not support, and asks for an RSA certificate', () => {
  expect(JSON.stringify(MANIFEST)).toContain('TLS_ECDHE_RSA')
  expect(JSON.stringify(MANIFEST)).not.toContain('ECDSA')
  expect(readFileSync(join(ROOT, 'docs/deploy.md'), 'utf8')).toContain(
    'with an **RSA** certificate',
  )
})

describe('refuses a function', () => {
  it.each([
    ['upload-event', 'TICKET_SECRETS'],
    ['upload-event', 'AUTH_SECRET'],
    ['upload-callback', 'AUTH_SECRET'],
    ['sts', 'EVENT_WEBHOOK_SECRETS'],
    ['post-policy', 'STS_ROLE_ARN'],
    ['signed-url', 'UNHEARD_OF'],
  ])('%s that is given %s, which it does not read', (name, variable) => {
    const issues = issuesOf((all) => {
      propsOf(all, name).environmentVariables[variable] = ''
    })
    expect(issues).toEqual([`${name}: its environment has ${variable}, which it does not read`])
  })

  it('that is not given what it reads', () => {
    const issues = issuesOf((all) => {
      const { AUTH_ISSUER, ...rest } = propsOf(all, 'sts').environmentVariables
      propsOf(all, 'sts').environmentVariables = rest
    })
    expect(issues).toEqual(['sts: its environment lacks AUTH_ISSUER, which it reads'])
  })

  it('whose settings nobody listed', () => {
    const issues = findManifestIssues(
      {
        resources: {
          ...MANIFEST.resources,
          other: structuredClone(MANIFEST.resources.sts as never),
        },
      },
      [...FUNCTIONS, 'other'],
      rules,
    )
    expect(issues).toContain('other: function-settings.ts does not list its settings')
  })

  it.each(['fc3', 'fc3@dev', 'fc3@latest'])(
    'by the component %s, which may be another tomorrow',
    (component) => {
      const issues = issuesOf((all) => {
        Object.assign(all.sts as object, { component })
      })
      expect(issues).toEqual(['sts: component is not pinned to a version of fc3'])
    },
  )

  it.each([undefined, [], ['POST'], ['POST', 'OPTIONS']])(
    'behind a route with the methods %j',
    (methods) => {
      const issues = issuesOf((all) => {
        Object.assign(propsOf(all, 'sts').customDomain?.route ?? {}, { methods })
      })
      expect(issues).toEqual([
        expect.stringContaining('sts: the methods of its route are not GET,POST'),
      ])
    },
  )
})

describe('holds the triggers of upload-event against the rules', () => {
  it('and refuses a folder without one', () => {
    const issues = issuesOf((all) => {
      propsOf(all, 'upload-event').triggers.pop()
    })
    expect(issues).toEqual([
      'upload-event: has no trigger for sample-bucket/documents/, which a rule lets callers write: run npm run manifest -- --write',
    ])
  })

  it('and refuses one for a folder of no rule', () => {
    const issues = issuesOf((all) => {
      const { triggers } = propsOf(all, 'upload-event')
      const [first] = structuredClone(triggers)
      Object.assign(first?.triggerConfig ?? {}, { filter: { key: { prefix: 'old/', suffix: '' } } })
      triggers.push(...[first ?? []].flat())
    })
    expect(issues).toEqual([
      'upload-event: has a trigger for sample-bucket/old/, which no rule writes: run npm run manifest -- --write',
    ])
  })
})

describe('holds upload-sweep against what it does', () => {
  type Trigger = { triggerType: string; triggerConfig: Record<string, unknown> }

  it.each<[string, (trigger: Trigger) => void, string]>([
    [
      'another trigger',
      (trigger) => Object.assign(trigger, { triggerType: 'http' }),
      'needs exactly one trigger, a timer',
    ],
    [
      'a timer that is off',
      ({ triggerConfig }) => Object.assign(triggerConfig, { enable: false }),
      'its timer is not enabled',
    ],
    [
      'five fields in its schedule',
      ({ triggerConfig }) => Object.assign(triggerConfig, { cronExpression: '* * * * *' }),
      'its schedule is none of a timer',
    ],
  ])('and refuses %s', (_, change, issue) => {
    const issues = issuesOf((all) => {
      for (const trigger of propsOf(all, 'upload-sweep').triggers) change(trigger)
    })
    expect(issues).toEqual([`upload-sweep: ${issue}`])
  })

  it.each(['@every 5m', '0 */5 * * * *', 'CRON_TZ=Asia/Shanghai 0 0 4 * * *'])(
    'and takes the schedule %s',
    (cronExpression) => {
      const issues = issuesOf((all) => {
        const [timer] = propsOf(all, 'upload-sweep').triggers
        Object.assign(timer?.triggerConfig ?? {}, { cronExpression })
      })
      expect(issues).toEqual([])
    },
  )

  it('and refuses a time-out in which a sweep cannot end', () => {
    const issues = issuesOf((all) => {
      propsOf(all, 'upload-sweep').timeout = 10
    })
    expect(issues).toEqual(['upload-sweep: its timeout is not 60 s'])
  })

  it('and refuses that what upload-event gives up goes nowhere', () => {
    const issues = issuesOf((all) => {
      propsOf(all, 'upload-event').asyncInvokeConfig = {}
    })
    expect(issues).toEqual([
      'upload-event: what fails for good does not go to upload-sweep, so it would be lost',
    ])
  })
})
