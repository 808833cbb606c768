import { computed, signal } from '@preact/signals'
import type { RuleDescription } from '../../client'
import { allowed } from '../session/session'
import { type UploadRule, type Way, waysBy } from './way'

const RULE = 'oss-direct:rule'
const wantedRule = signal(localStorage.getItem(RULE) ?? '')
const wantedWay = signal<Way>('auto')

/** The rules by which the user may upload. */
export const uploadRules = computed<readonly UploadRule[]>(() => {
  const { value } = allowed
  return value.kind === 'known' ? value.rules.filter(takesUploads) : []
})

/** The rule by which the next files are uploaded; the first one until another is chosen. */
export const chosenRule = computed(() => {
  const rules = uploadRules.value
  return rules.find(({ name }) => name === wantedRule.value) ?? rules[0]
})

/** The ways of sending that this rule allows, the default first. */
export const offeredWays = computed<readonly Way[]>(() =>
  chosenRule.value ? waysBy(chosenRule.value) : [],
)

/** How the next files travel. */
export const chosenWay = computed<Way>(() => {
  const ways = offeredWays.value
  return ways.includes(wantedWay.value) ? wantedWay.value : (ways[0] ?? 'auto')
})

/** Chooses a rule for the next files. */
export function chooseRule(name: string): void {
  wantedRule.value = name
  localStorage.setItem(RULE, name)
}

/** Chooses how the next files travel. */
export function chooseWay(way: Way): void {
  wantedWay.value = way
}

/** What a file chooser offers for a rule; `undefined` for anything. */
export function acceptOf(rule: UploadRule | undefined): string | undefined {
  const types = rule?.upload.contentTypes ?? []
  return types.length === 0 || types.includes('*/*') ? undefined : types.join(',')
}

function takesUploads(rule: RuleDescription): rule is UploadRule {
  return rule.upload !== undefined
}
