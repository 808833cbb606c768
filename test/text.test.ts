import { isLoopback, isSafeUrl, parseJson, toList } from '../shared/text'

it.each<[string | undefined, string[]]>([
  [undefined, []],
  ['', []],
  [' , ,', []],
  ['a', ['a']],
  [' a , b,,c ', ['a', 'b', 'c']],
  ['a b', ['a b']],
])('makes of the list %j %j', (value, items) => {
  expect(toList(value)).toEqual(items)
})

it('reads JSON, and nothing of what is none', () => {
  expect(['{"a":1}', 'null', '[]', '"a"'].map(parseJson)).toEqual([{ a: 1 }, null, [], 'a'])
  expect(['', 'abc', '{"a":', '{} {}'].map(parseJson)).toEqual(Array(4).fill(undefined))
})

it.each<[string, boolean]>([
  ['http://localhost:9000/a', true],
  ['https://127.0.0.1', true],
  ['http://[::1]:1/', true],
  ['http://127.0.0.2/', false],
  ['http://localhost.example.com/', false],
  ['https://app.example.com/localhost', false],
  ['localhost', false],
  ['', false],
])('says of %s whether it is on this machine', (url, isLocal) => {
  expect(isLoopback(url)).toBe(isLocal)
})

it.each<[string, boolean]>([
  ['https://app.example.com/hook', true],
  ['https://app.example.com:8443', true],
  ['http://localhost:9000/hook', true],
  ['http://app.example.com/hook', false],
  ['ftp://localhost/hook', false],
  ['https://user@app.example.com/hook', false],
  ['https://:password@app.example.com/hook', false],
  ['https://app.example.com/hook?a=b', false],
  ['https://app.example.com/hook#a', false],
  ['app.example.com', false],
  ['', false],
])('says of %s whether it is safe to send to', (url, isSafe) => {
  expect(isSafeUrl(url)).toBe(isSafe)
})
