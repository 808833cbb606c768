import { defineRules } from '../../shared/rules/rules'
import { startWorld, type World } from './equivalence/world'

const PACKAGE = /\.(?:apk|pkg)$/i

const RULES = defineRules({
  judged: {
    allow: (_, wish) =>
      !('filename' in wish && (PACKAGE.test(wish.filename) || wish.contentType === 'text/html')),
    key: 'judged/{sub}/{path}',
    upload: {},
  },
})
const ALICE = { sub: 'alice', claims: {} }
const WISH = { rule: 'judged', filename: 'a.txt', contentType: 'text/plain', contentLength: 1 }

let world: World

beforeAll(async () => {
  world = await startWorld()
  world.setRules(RULES)
})
afterAll(() => world.close())

describe.each([
  ['signed-url', { operation: 'put' }],
  ['signed-url', { operation: 'multipart' }],
  ['post-policy', {}],
] as const)('allow, by %s %j', (name, operation) => {
  test.each([
    { filename: 'x.apk' },
    { filename: 'x.ap\u212a' },
    { filename: 'x.p\u212ag' },
    { contentType: 'text/html' },
    { contentType: 'TEXT/html; a=b' },
    { contentType: 'text/html ;charset=utf-8' },
    { contentType: 'text/html\t;x="y"' },
  ])('lets nothing through that it refuses: %j', async (change) => {
    expect(await world.ask(name, ALICE, { ...WISH, ...operation })).toHaveProperty('key')
    const answer = await world.ask(name, ALICE, { ...WISH, ...operation, ...change })
    expect(answer).toBe('caller_not_allowed')
  })
})
