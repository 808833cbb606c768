// Covers local/fault-rules.ts and what sets faults while the local cloud runs.
import { parseFaults } from '../../local/fault-rules'
import type { LocalCloud } from '../../local/start'
import { open } from './support/open-cloud'

describe('faults', () => {
  const inject = (cloud: LocalCloud, body: unknown) =>
    fetch(`${cloud.info.gateway}/local/faults`, { method: 'POST', body: JSON.stringify(body) })
  const get = async ({ info }: LocalCloud, key = 'k') =>
    fetch(`${info.oss}/${info.bucket}/${key}`).then(
      (answer) => answer.status,
      () => 'reset',
    )

  it('are shown to clients as often as asked, and no longer', async () => {
    const cloud = await open({ faults: [{ match: { key: 'a*' }, respond: 503, times: 2 }] })
    expect(await get(cloud, 'other')).toBe(403)
    expect([await get(cloud, 'a1'), await get(cloud, 'a2'), await get(cloud, 'a3')]).toEqual([
      503, 503, 403,
    ])
  })

  it('are replaced in the test and by a request', async () => {
    const cloud = await open()
    cloud.setFaults([{ match: { method: 'GET' }, respond: 'reset' }])
    expect(await get(cloud)).toBe('reset')
    const faults = [{ match: { bucket: cloud.info.bucket }, respond: 503, times: 1 }]
    const answer = await inject(cloud, { faults })
    expect(await answer.json()).toEqual({ faults })
    expect([await get(cloud), await get(cloud)]).toEqual([503, 403])
    await inject(cloud, { faults })
    await inject(cloud, { faults: [] })
    expect(await get(cloud)).toBe(403)
  })

  it.each([
    [null, ''],
    [[], ''],
    [{}, 'faults'],
    [{ faults: { match: {}, respond: 503 } }, 'faults'],
    [{ faults: [{}] }, 'faults.0.match'],
    [{ faults: [{ match: {}, respond: 500 }] }, 'faults.0.respond'],
    [{ faults: [{ match: {}, respond: 'rest' }] }, 'faults.0.respond'],
    [{ faults: [{ match: {}, respond: { delayMs: -1 } }] }, 'faults.0.respond.delayMs'],
    [{ faults: [{ match: { methods: 'PUT' }, respond: 503 }] }, 'faults.0.match.methods'],
    [{ faults: [{ match: { method: 'put' }, respond: 503 }] }, 'faults.0.match.method'],
    [{ faults: [{ match: { key: '' }, respond: 503 }] }, 'faults.0.match.key'],
    [{ faults: [{ match: { operation: 'putobject' }, respond: 503 }] }, 'faults.0.match.operation'],
    [{ faults: [{ match: {}, respond: 503, times: 0 }] }, 'faults.0.times'],
  ])('are refused as %j, naming the field', async (body, path) => {
    const cloud = await open({ only: ['oss'] })
    const answer = await inject(cloud, body)
    expect(answer.status).toBe(400)
    const problem = (await answer.json()) as { errors: { path: string }[] }
    expect(problem.errors.map((error) => error.path)).toContain(path)
    expect(() => parseFaults(body)).toThrow(`  ${path || 'the value'}: `)
  })

  it.each(['PutObject', 'PostObject', 'OptionObject', 'ListObjects', 'ListObjectsV2'])(
    'are for %s, when they say so',
    (operation) => {
      const faults = [{ match: { operation }, respond: 'reset' }]
      expect(parseFaults({ faults })).toEqual(faults)
    },
  )

  it('are refused in the test as by a request, and those in force stay', async () => {
    const cloud = await open({ faults: [{ match: { key: 'k' }, respond: 503 }] })
    const wrong = [{ match: { operation: 'Put' }, respond: 500 }] as never
    expect(() => cloud.setFaults(wrong)).toThrow(
      /^The faults are wrong:\n {2}faults\.0\.match\.operation: must be .*, PutObject, .*\n {2}faults\.0\.respond: must be 503, /,
    )
    expect(await get(cloud)).toBe(503)
    await expect(open({ faults: wrong })).rejects.toThrow('faults.0.respond')
  })

  it('need OSS, and say so where it is left out', async () => {
    const faults = [{ match: {}, respond: 503 as const }]
    await expect(open({ only: ['sts'], faults })).rejects.toThrow('faults: require oss')
    const cloud = await open({ only: ['sts'], faults: [] })
    expect(() => cloud.setFaults(faults)).toThrow('faults: require oss')
    expect(() => cloud.setFaults([])).not.toThrow()
    const answer = await inject(cloud, { faults })
    expect([answer.status, await answer.text()]).toEqual([
      400,
      expect.stringContaining('require oss'),
    ])
  })
})
