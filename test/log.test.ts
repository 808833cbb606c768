import { createLog, type LogLevel } from '../shared/log'

const LEVELS: LogLevel[] = ['debug', 'info', 'warn', 'error']

it.each<[LogLevel, LogLevel[]]>([
  ['debug', ['debug', 'info', 'warn', 'error']],
  ['info', ['info', 'warn', 'error']],
  ['warn', ['warn', 'error']],
  ['error', ['error']],
])('writes from the level %s upwards', (least, written) => {
  const lines: string[] = []
  const log = createLog(least, (line) => lines.push(line))
  for (const level of LEVELS) log(level, 'answered')
  expect(lines).toEqual(written.map((level) => `{"level":"${level}","event":"answered"}`))
})

it('writes one line of JSON, whatever its fields hold', () => {
  const lines: string[] = []
  const log = createLog('info', (line) => lines.push(line))
  log('info', 'answered', { status: 200, path: '/a\n"b"', isLocal: true, reason: undefined })
  expect(lines).toEqual([
    '{"level":"info","event":"answered","status":200,"path":"/a\\n\\"b\\"","isLocal":true}',
  ])
})
