import { isContentTypeAllowed } from '../../shared/rules/content-type'
import type { Mechanism, Rule } from '../../shared/rules/rule'
import { exampleKey, exampleUpload, type Target } from './target'

/** The input of an attack: one rule, an honest request under it, and the keys of both callers. */
export type Scene = ReturnType<typeof exampleUpload> & {
  target: Target
  rule: Rule
  own: string
  foreign: string
  /** The folder of `foreign`, to which the attacker has no access. */
  foreignPrefix: string
}

/**
 * The result of an attack: `through` describes what succeeded, `skipped` why there was nothing to
 * try.
 */
export type Outcome = { stopped: true } | { through: string } | { skipped: string }

/** One attack of a dishonest caller under a rule. */
export type Attack = {
  name: string
  by: Mechanism | 'download'
  /** Returns why the attack does not apply to a rule, or `undefined`. */
  skip?: (rule: Rule) => string | undefined
  run: (scene: Scene) => Promise<Outcome>
}

const STOPPED: Outcome = { stopped: true }

/** Returns the outcome of an attack that is stopped unless `isThrough`. */
export function stoppedUnless(isThrough: boolean, what: string): Outcome {
  return isThrough ? { through: what } : STOPPED
}

/** Creates the scene of a rule. */
export function setScene(target: Target, rule: Rule): Scene {
  const [own, foreign] = [exampleKey(rule, target.attacker), exampleKey(rule, target.victim)]
  const parts = foreign.split('/')
  const depth = own.split('/').findIndex((part, index) => part !== parts[index])
  const foreignPrefix = `${parts.slice(0, depth + 1).join('/')}/`
  return { target, rule, own, foreign, foreignPrefix, ...exampleUpload(rule) }
}

/** Skips attacks on other callers for a shared rule, whose callers see each other's objects. */
export function needsOwners({ template }: Rule): string | undefined {
  return template.isolates ? undefined : 'its callers share their objects'
}

/** Returns a type that the rule refuses and browsers execute, if there is one. */
export function foreignType({ upload }: Rule): string | undefined {
  const types = ['text/html', 'image/svg+xml', 'application/x-evil']
  return types.find((type) => !isContentTypeAllowed(type, upload?.contentTypes ?? []))
}

/** File names that try to escape the caller's folder or break the key. */
export const HOSTILE_NAMES: readonly string[] = [
  ...['..', '../victim/a', 'a/../../victim/a', '..\\victim\\a', '/etc/passwd', '//a', 'a//b', 'a/'],
  ...['%2e%2e/victim/a', '..%2fvictim', '..%c0%af', '．．／victim', '.oss-direct/uploads/a'],
  ...[
    'a\0b',
    'a\r\nx-oss-object-acl: public-read',
    'a\u2028b',
    'a\u202egnp.exe',
    '\ufeffa',
    'a\ud800',
  ],
  ...['*', 'a?b', '?acl', 'a#b', 'a&callback=x', '{sub}', `\${filename}`, `a\${oss:Prefix}`],
  ...['cafe\u0301', 'x.ap\u212a', '__proto__', 'é'.repeat(510)],
].map((name) => (/\.\w+$/.test(name) ? name : `${name}.png`))
