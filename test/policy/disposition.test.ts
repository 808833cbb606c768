import { contentDisposition } from '../../shared/policy/disposition'

describe('contentDisposition', () => {
  it.each([
    ['report.pdf', 'attachment; filename="report.pdf"'],
    ['my report (1).pdf', 'attachment; filename="my report (1).pdf"'],
    ['报告.pdf', `attachment; filename="__.pdf"; filename*=UTF-8''%E6%8A%A5%E5%91%8A.pdf`],
    ['a"b.pdf', `attachment; filename="a_b.pdf"; filename*=UTF-8''a%22b.pdf`],
    ['a\\b.pdf', `attachment; filename="a_b.pdf"; filename*=UTF-8''a%5Cb.pdf`],
    ['a;b=c.pdf', `attachment; filename="a_b_c.pdf"; filename*=UTF-8''a%3Bb%3Dc.pdf`],
    ["it's 100%.pdf", `attachment; filename="it_s 100_.pdf"; filename*=UTF-8''it%27s%20100%25.pdf`],
    ['a&acl.pdf', `attachment; filename="a_acl.pdf"; filename*=UTF-8''a%26acl.pdf`],
    ['😀.png', `attachment; filename="_.png"; filename*=UTF-8''%F0%9F%98%80.png`],
  ])('names %j', (name, value) => {
    expect(contentDisposition('attachment', name)).toBe(value)
  })
})
