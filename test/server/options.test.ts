import { parseServerOptions } from '../../server/options'

it('has a default for everything, on loopback', () => {
  expect(parseServerOptions({})).toEqual({
    options: { host: '127.0.0.1', port: 8080, trustedProxies: 0, stopSeconds: 20 },
    issues: [],
  })
})

it.each([
  ['port', 65_535],
  ['trusted-proxies', 10],
  ['stop-seconds', 600],
])('--%s is a number from 0 to %d', (name, max) => {
  for (const value of ['0', String(max)]) {
    expect(parseServerOptions({ [name]: value }).issues).toEqual([])
  }
  for (const value of [String(max + 1), '-1', 'abc', '', 'NaN', '1.5', '1e1', ' 1']) {
    expect(parseServerOptions({ [name]: value }).issues).toEqual([
      `--${name} must be a number from 0 to ${max}, not ${value}`,
    ])
  }
})

it('lists every issue', () => {
  const { issues } = parseServerOptions({ port: 'x', 'stop-seconds': 'y' })
  expect(issues).toHaveLength(2)
})
