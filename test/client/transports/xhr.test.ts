import { share } from '../../support/share'
import { startStage } from '../support/browser'

const stage = share(() => startStage('test/support/rules/media.ts'))

it.each([
  ['put', 0],
  ['put', 2_000_000],
  ['form', 0],
  ['form', 2_000_000],
] as const)(
  'uploads by %s %i bytes with progress, and without a word in the console',
  async (mechanism, size) => {
    const { page, complaints } = await stage().open()
    const { uploaded, sent, states } = await page.evaluate(
      async ([way, bytes]) => {
        const sent: number[] = []
        const states = new Set<string>()
        const file = new File([new Uint8Array(bytes)], `${way}-${bytes}.bin`)
        const { done } = window.oss.upload(file, {
          ...{ rule: 'media', mechanism: way },
          onProgress: ({ sentBytes, state }) => {
            sent.push(sentBytes)
            states.add(state)
          },
        })
        return { uploaded: await done, sent, states: [...states] }
      },
      [mechanism, size] as const,
    )
    const key = `media/alice/${mechanism}-${size}.bin`
    expect(uploaded).toEqual({ key, size, etag: expect.any(String), proven: true })
    expect(sent).toEqual([...sent].sort((a, b) => a - b))
    expect([sent.at(0), sent.at(-1), states]).toEqual([0, size, ['uploading', 'done']])
    expect(complaints).toEqual([])
  },
)

it('cancels, and says so', async () => {
  const { page } = await stage().open()
  const code = await page.evaluate(async () => {
    const upload = window.oss.upload(new File([new Uint8Array(5_000_000)], 'cut.bin'), {
      rule: 'media',
      onProgress: ({ sentBytes }) => sentBytes > 0 && upload.cancel(),
    })
    return upload.done.catch(({ code }) => code)
  })
  expect(code).toBe('cancelled')
})

it('reads the headers of an answer, and says that none came', async () => {
  const { page } = await stage().open()
  const { status, headers, failed } = await page.evaluate(async () => {
    const request = { method: 'GET', url: '/local/info', headers: {} } as const
    const { status, headers } = await window.client.xhrTransport(request)
    const lost = { ...request, url: 'http://127.0.0.1:1/' }
    const failed = await window.client
      .xhrTransport(lost)
      .catch(({ code, retryable }) => [code, retryable])
    return { status, headers, failed }
  })
  expect([status, headers['content-type']]).toEqual([
    200,
    expect.stringContaining('application/json'),
  ])
  expect(failed).toEqual(['network', true])
})

it('ends with the reason of its signal, before and while it waits', async () => {
  const { page } = await stage().open()
  const reasons = await page.evaluate(async () => {
    const request = { method: 'PUT', url: '/', headers: {} } as const
    const body = new Blob([new Uint8Array(1_000_000)])
    const leaving = new AbortController()
    const onProgress = () => leaving.abort('later')
    const { xhrTransport } = window.client
    return Promise.all([
      xhrTransport({ ...request, signal: AbortSignal.abort('before') }).catch((reason) => reason),
      xhrTransport({ ...request, body, onProgress, signal: leaving.signal }).catch(
        (reason) => reason,
      ),
    ])
  })
  expect(reasons).toEqual(['before', 'later'])
})
