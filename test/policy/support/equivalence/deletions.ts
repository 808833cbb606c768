import * as fc from 'fast-check'
import { NAMES, queryOf, toCaller, toPlace } from './attempt'
import { type Limits, limits, mostly, rarely, sub } from './cases'
import { isCallerFit } from './naive'
import type { Answer, World } from './world'

/** What a caller asks to delete, and how the request that follows strays from it. */
export type DeleteCase = {
  limits: Limits
  sub: string
  isPro: boolean
  place: 'own' | 'foreign' | 'outside'
  stray: {
    verb: 'PUT' | 'GET' | undefined
    place: 'foreign' | 'outside' | 'sibling' | undefined
    query: boolean
  }
}

/** Deletions, honest and not. */
export const deleteCase: fc.Arbitrary<DeleteCase> = fc.record({
  limits,
  sub,
  isPro: mostly(true, false),
  place: mostly('own', 'foreign', 'outside'),
  stray: fc.record({
    verb: rarely(fc.constantFrom('PUT', 'GET')),
    place: rarely(fc.constantFrom('foreign', 'outside', 'sibling')),
    query: mostly(false, true),
  }),
})

/** Whether the caller may delete what they ask for. */
export function mayAskDelete({ limits, isPro, place }: DeleteCase): boolean {
  return isCallerFit(limits, isPro) && limits.removes && place === 'own'
}

const PLACES = ['own', 'foreign', 'outside', 'sibling'] as const

/** Asks to delete an object that is there, as others are, and sends the request as the case strays; tells what is gone. */
export async function tryDelete(
  world: World,
  one: DeleteCase,
  own: string,
): Promise<{ refused: string } | (Answer & { gone: string[] })> {
  const { stray, place } = one
  const key = `${own}${NAMES[one.limits.key]}`
  for (const at of PLACES) {
    await world.sendSigned({ method: 'PUT', key: toPlace(key, at), body: Buffer.from('old') })
  }
  const wish = { rule: 'files', operation: 'delete', key: toPlace(key, place) }
  const answer = await world.ask('signed-url', toCaller(one), wish)
  if (typeof answer === 'string') return { refused: answer }
  const target = world.objectUrl(toPlace(answer.key, stray.place))
  const url = `${target}?${queryOf(answer.url)}${stray.query ? '&x=1' : ''}`
  const sent = await world.send(stray.verb ?? answer.method, url, answer.headers)
  const gone: string[] = []
  for (const at of PLACES) {
    const { status } = await world.sendSigned({ method: 'HEAD', key: toPlace(key, at) })
    if (status === 404) gone.push(at)
  }
  return { ...sent, gone }
}
