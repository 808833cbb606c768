// Covers client/adapters/wx.ts and examples/clients/wechat.mjs, by a fake of `wx` that has its documented shape.
import { build } from 'esbuild'
import { createOssDirect, type Uploaded, type UploadProgress } from '../../../client'
import { toWx } from '../../../client/adapters'
import { ALIASES } from '../../clients/support/aliases'
import { createWx } from '../../clients/support/wx'
import { eventsOf, random, sha256, storedHash } from '../../e2e/support/client'
import { shareLocalCloud } from '../../e2e/support/cloud'
import { issueToken } from '../../support/token'
import { errorOf } from '../support/client'

const cloud = shareLocalCloud()

const PATH = 'wxfile://tmp/a.png'
const BYTES = random(5000)

type Example = {
  chooseAndUpload: (onProgress: (progress: UploadProgress) => void) => Promise<Uploaded>
}

async function loadExample(wx: unknown): Promise<Example> {
  const { outputFiles } = await build({
    entryPoints: ['examples/clients/wechat.mjs'],
    ...{ bundle: true, format: 'cjs', platform: 'neutral', write: false, alias: ALIASES },
  })
  const [{ text } = { text: '' }] = outputFiles
  const module = { exports: {} as Example }
  const token = await issueToken(cloud(), { sub: 'alice' })
  new Function('module', 'wx', 'BASE_URL', 'TOKEN', text)(module, wx, cloud().gateway, token)
  return module.exports
}

function start(wx = createWx(new Map([[PATH, BYTES]])), baseUrl = cloud().gateway) {
  const { transport, toSource } = toWx(wx)
  const getToken = () => issueToken(cloud(), { sub: 'alice' })
  const oss = createOssDirect({ baseUrl, getToken, transport, storage: null })
  const source = toSource({ path: PATH, size: BYTES.length })
  return { wx, oss, source, transport }
}

it('uploads what the user chooses by the form of wx.uploadFile, as the example shows', async () => {
  const wx = createWx(new Map([[PATH, BYTES]]))
  const sent: number[] = []
  const { chooseAndUpload } = await loadExample(wx)
  const { key, proven } = await chooseAndUpload(({ sentBytes }) => sent.push(sentBytes))
  expect([key, proven]).toEqual([expect.stringMatching(/^avatars\/alice\/.*\.png$/), true])
  expect(await storedHash(cloud(), key)).toBe(sha256(BYTES))
  expect(await eventsOf(cloud(), key)).toHaveLength(1)
  expect(sent).toEqual(expect.arrayContaining([0, 3000, 5000]))
  const requests = ['request /signed-url', 'request /post-policy', `uploadFile /${cloud().bucket}/`]
  expect(wx.calls.filter((call) => !call.endsWith('aborted'))).toEqual(requests)
})

it('aborts the task of an upload that is cancelled', async () => {
  const { wx, oss, source } = start()
  const upload = oss.upload(source, {
    ...{ rule: 'avatar', mechanism: 'form' },
    onProgress: ({ sentBytes }) => sentBytes > 0 && upload.cancel(),
  })
  expect(await errorOf(upload.done)).toMatchObject({ code: 'cancelled' })
  expect(wx.calls).toContain('uploadFile aborted')
})

it('says that there are no PUTs of files', async () => {
  const { wx, oss, source } = start()
  const { done } = oss.upload(source, { rule: 'media', mechanism: 'put' })
  expect(await errorOf(done)).toMatchObject({
    code: 'mechanism_not_allowed',
    message: 'A mini-program sends files by form alone: pass { mechanism: "form" }.',
  })
  expect(wx.calls.filter((call) => call.startsWith('uploadFile'))).toEqual([])
})

it('returns every status with header names in lower case, and a failure as that of the network', async () => {
  const { transport } = start()
  const request = { method: 'GET', headers: {} } as const
  const answer = await transport({ ...request, url: `${cloud().gateway}/signed-url` })
  expect([answer.status, answer.headers['content-type']]).toEqual([405, expect.any(String)])
  expect(JSON.parse(answer.text)).toMatchObject({ status: 405 })
  expect(await errorOf(transport({ ...request, url: 'http://127.0.0.1:1/' }))).toMatchObject({
    ...{
      code: 'network',
      retryable: true,
      cause: { errMsg: expect.stringMatching(/^request:fail/) },
    },
  })
})
