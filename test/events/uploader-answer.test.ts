import { createBudget } from '../../shared/budget'
import { toUploaderAnswer } from '../../shared/events/uploader-answer'
import type { Respond, Rule } from '../../shared/rules/rule'
import { defineRules } from '../../shared/rules/rules'
import { UPLOAD } from '../callback/support/example'

const OWN = {
  status: 'ok',
  key: 'avatars/alice/1.png',
  size: 5,
  etag: 'E',
  contentType: 'image/png',
}

async function answerOf(respond?: unknown) {
  const rules = defineRules({
    avatar: {
      key: 'avatars/{sub}/{path}',
      upload: respond === undefined ? {} : { respond: respond as Respond },
    },
  })
  const lines: object[] = []
  const text = await toUploaderAnswer(
    { upload: UPLOAD, rule: rules.get('avatar') as Rule },
    {
      budget: createBudget(4000, () => 0),
      log: (level, event, fields) => lines.push({ level, event, ...fields }),
      requestId: 'r',
    },
  )
  return { answer: JSON.parse(text), lines }
}

it('answers our own words without a hook', async () => {
  expect(await answerOf()).toEqual({ answer: OWN, lines: [] })
})

it('adds what the hook says, at once or later', async () => {
  const url = 'https://cdn.example.com/1.png'
  expect((await answerOf(() => ({ url }))).answer).toEqual({ ...OWN, url })
  expect((await answerOf(async () => ({ url }))).answer).toEqual({ ...OWN, url })
})

it('gives the upload to the hook', async () => {
  expect((await answerOf((upload: object) => ({ upload }))).answer.upload).toEqual(UPLOAD)
})

it('lets the hook replace none of our words', async () => {
  expect((await answerOf(() => ({ status: 'no', size: 0 }))).answer).toEqual(OWN)
})

it('answers our own words where the rule takes no uploads any more', async () => {
  const rules = defineRules({ avatar: { key: 'avatars/{sub}/{path}', download: {} } })
  const text = await toUploaderAnswer(
    { upload: UPLOAD, rule: rules.get('avatar') as Rule },
    { budget: createBudget(4000, () => 0), log: () => undefined, requestId: 'r' },
  )
  expect(JSON.parse(text)).toEqual(OWN)
})

const FAILED = { level: 'error', event: 'respond failed', requestId: 'r', rule: 'avatar' }

const circle: Record<string, unknown> = {}
circle.self = circle
it.each<[string, unknown, RegExp]>([
  [
    'throws',
    () => {
      throw new Error('bug')
    },
    /^Error: bug$/,
  ],
  ['never ends', () => new Promise(() => undefined), /longer than 300 ms/],
  ['answers more than 64 KB', () => ({ text: 'x'.repeat(65_536) }), /longer than 64 KB/],
  ['answers what is no JSON', () => circle, /circular/],
])('answers without a hook that %s, and logs why', async (_, respond, cause) => {
  const { answer, lines } = await answerOf(respond)
  expect(answer).toEqual(OWN)
  expect(lines).toEqual([{ ...FAILED, cause: expect.stringMatching(cause) }])
})

it.each([undefined, null, [], 'text', 1])('bears with a hook that answers %j', async (value) => {
  expect((await answerOf(() => value)).answer).toMatchObject(OWN)
})

it.each(['a', 'é'])('takes 64 KiB of answer and no byte more, counted in %s', async (character) => {
  const bytes = Buffer.byteLength(character)
  const rest = 65_536 - Buffer.byteLength(JSON.stringify({ text: '', ...OWN }))
  const longest = character.repeat(Math.floor(rest / bytes)) + 'a'.repeat(rest % bytes)
  expect(await answerOf(() => ({ text: longest }))).toEqual({
    answer: { text: longest, ...OWN },
    lines: [],
  })
  const { answer, lines } = await answerOf(() => ({ text: `${longest}a` }))
  expect([answer, lines]).toMatchObject([OWN, [FAILED]])
})
