import { toOutcomes } from '../../local/checks'

it('tells the failed check by the status alone where the log says nothing', () => {
  const failed = (status?: number) =>
    toOutcomes({ status, reason: undefined }).find(({ outcome }) => outcome === 'failed')?.name
  expect([413, 415, 422, 403, 500, undefined].map(failed)).toEqual([
    ...['size', 'type', 'name'],
    ...[undefined, undefined, undefined],
  ])
})
