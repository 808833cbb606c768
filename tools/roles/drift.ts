type Statement = Readonly<Record<string, unknown>>
type Document = { Statement?: unknown }

/** Returns in words how a live policy differs from the one that the rules make; empty where it does not. */
export function findPolicyDrift(wanted: Document, live: Document): string[] {
  const expected = toStatements(wanted)
  const found = toStatements(live)
  const missing = expected.filter((each) => !found.some((other) => isSame(each, other)))
  const extra = found.filter((each) => !expected.some((other) => isSame(each, other)))
  // Those about the same resources under the same conditions are one statement that was changed.
  const changed = missing.flatMap((each) => {
    const other = extra.find((candidate) => placeOf(candidate) === placeOf(each))
    return other ? [{ each, other }] : []
  })
  const isChanged = (statement: Statement) =>
    changed.some(({ each, other }) => each === statement || other === statement)
  return [
    ...changed.flatMap(({ each, other }) => compareActions(each, other)),
    ...missing.filter((each) => !isChanged(each)).map((each) => `lacks: ${toWords(each)}`),
    ...extra.filter((each) => !isChanged(each)).map((each) => `has besides: ${toWords(each)}`),
  ]
}

/** Returns in words how a live trust policy differs from the one that the rules make; empty where it does not. */
export function findTrustDrift(wanted: Document, live: Document): string[] {
  const isEqual = findPolicyDrift(wanted, live).length === 0
  if (isEqual) return []
  const [expected, found] = [wanted, live].map((each) => trustedBy(each))
  const trusted = found || 'nobody'
  if (expected === found) return [`trusts ${trusted}, but for other actions or conditions`]
  return [`trusts ${trusted}; the rules need ${expected}`]
}

function compareActions(wanted: Statement, live: Statement): string[] {
  const [expected, found] = [actionsOf(wanted), actionsOf(live)]
  const lacking = expected.filter((action) => !found.includes(action))
  const extra = found.filter((action) => !expected.includes(action))
  const where = `on ${toList(wanted.Resource).join(', ')}`
  const word = wanted.Effect === 'Deny' ? 'deny' : 'allow'
  return [
    ...(lacking.length > 0 ? [`does not ${word} ${lacking.join(', ')} ${where}`] : []),
    ...(extra.length > 0 ? [`should not ${word} ${extra.join(', ')} ${where}`] : []),
  ]
}

function toStatements({ Statement }: Document): Statement[] {
  return toItems(Statement).map((each) => Object(each) as Statement)
}

function isSame(left: Statement, right: Statement): boolean {
  return normalize(left) === normalize(right)
}

function placeOf({ Action: _, ...rest }: Statement): string {
  return normalize(rest)
}

// RAM takes a text for a list of one, and order means nothing; names of actions have no case.
function normalize(value: unknown, name = ''): string {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${entries.map(([key, each]) => `${key}:${normalize(each, key)}`).join()}}`
  }
  const texts = toList(value).map((text) => (name === 'Action' ? text.toLowerCase() : text))
  return JSON.stringify([...new Set(texts)].sort())
}

function actionsOf({ Action }: Statement): string[] {
  return toList(Action)
}

function trustedBy(document: Document): string {
  const principals = toStatements(document).flatMap(({ Principal }) =>
    Object.values(Object(Principal)).flatMap(toList),
  )
  return [...new Set(principals)].sort().join(', ')
}

function toWords({ Effect, Action, NotAction, Resource, Principal, Condition }: Statement): string {
  const actions = Action === undefined ? `all but ${toList(NotAction).join(', ')}` : toList(Action)
  const place = Resource === undefined ? JSON.stringify(Principal) : toList(Resource).join(', ')
  const under = Condition === undefined ? '' : ` if ${JSON.stringify(Condition)}`
  return `${String(Effect)} ${String(actions)} on ${place}${under}`
}

function toList(value: unknown): string[] {
  return toItems(value).map(String)
}

function toItems(value: unknown): unknown[] {
  return value === undefined ? [] : [value].flat()
}
