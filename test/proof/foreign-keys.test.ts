import type OSS from 'ali-oss'
import { aliOssCallback, ask, stsClient, token } from '../e2e/support/client'
import { until } from '../support/until'
import { FILE, shareAttacks, TYPE } from './support/attack'
import { pass } from './support/deployment'

// STS credentials write any key below their prefix: the session policy knows prefixes and no characters.
const { deployment, grantSts, eventsOf } = shareAttacks()

const NAMES: [string, string][] = [
  ['a right-to-left override', 'invoice\u202egnp.exe'],
  ['a left-to-right mark', 'a\u200eb.png'],
  ['NUL', 'a\u0000b.png'],
  ['a line feed', 'a\nb.png'],
  ['a tab', 'a\tb.png'],
  ['a backslash', 'a\\b.png'],
  ['a climb on Windows', '..\\b.png'],
  ['an empty folder', 'a//b.png'],
  ['no name', 'dir/'],
  ['a placeholder of OSS', `a\${filename}`],
  ['the normal form of macOS', 'cafe\u0301.png'],
  ['a zero-width space', 'a\u200bb.png'],
]

async function put(name: string, options: object): Promise<string> {
  const lent = await grantSts()
  const key = `${lent.prefix}${name}`
  await stsClient(lent).put(key, FILE, {
    ...{ mime: TYPE, headers: { 'Content-Type': TYPE } },
    ...options,
  } as OSS.PutObjectOptions)
  return key
}

describe('a key that we would never make', () => {
  it.each(NAMES)('is not proven by the callback, which says so by 422: %s', async (_, name) => {
    const callback = aliOssCallback(await grantSts())
    await expect(put(name, { callback })).rejects.toMatchObject({
      code: 'CallbackFailed',
      message: expect.stringContaining('Error status : 422.'),
    })
  })

  it('makes no event by the trigger either', async () => {
    for (const [, name] of NAMES) {
      const key = await put(name, {})
      const line = JSON.stringify({ key, why: 'upload_name' }).slice(1, -1)
      const isIgnored = () => deployment().lines.some((each) => each.includes(line))
      await until(isIgnored, () => pass(deployment(), 1))
      expect(eventsOf(key)).toEqual([])
    }
  })
})

describe('a key that is proven', () => {
  it.each(['caf\u00e9.png', '报告 1.png', '\u{1f468}\u200d\u{1f469}.png', 'می\u200cخواهم.png'])(
    'can be read by signed-url: %s',
    async (name) => {
      const key = await put(name, { callback: aliOssCallback(await grantSts()) })
      const request = { rule: 'media', operation: 'get', key }
      const { info } = deployment()
      const signed = await ask<{ url: string }>(
        ...([info, '/signed-url', request, await token(info, 'alice')] as const),
      )
      expect(await (await fetch(signed.body.url)).text()).toBe(FILE.toString())
    },
  )
})
