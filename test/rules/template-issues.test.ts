import { findTemplateIssues } from '../../shared/rules/template-issues'

describe('findTemplateIssues', () => {
  test.each([
    'a/{sub}/{path}',
    'a/{sub}/{uuid}.{ext}',
    'a/b/{yyyy}/{mm}/{dd}/{sub}/x-{uuid}.{ext}',
    'a/{sub}',
    'a/{uuid}',
  ])('finds none in %s', (text) => {
    expect(findTemplateIssues(text)).toEqual([])
  })

  test.each([
    ['', /empty/],
    ['/a/{sub}/{path}', /starts with a slash/],
    ['a/{user}/{path}', /unknown placeholder/],
    ['a/{sub/{path}', /unknown placeholder/],
    ['a/{}/{sub}/{path}', /unknown placeholder/],
    ['a/{SUB}/{path}', /unknown placeholder/],
    ['{sub}/{path}', /begin with a fixed folder/],
    ['a{yyyy}/{sub}/{path}', /begin with a fixed folder/],
    ['file', /begin with a fixed folder/],
    ['.oss-direct/{sub}/{path}', /is reserved/],
    ['a//{sub}/{path}', /empty path segment/],
    ['a/{sub}/', /empty path segment/],
    ['a/../{sub}/{path}', /".\."/],
    ['a/u-{sub}/{path}', /whole folder name/],
    ['a/{sub}.{ext}', /whole folder name/],
    ['a/{sub}{uuid}', /whole folder name/],
    ['a/{sub}/x{path}', /another place than the end/],
    ['a/{path}/{sub}', /another place than the end/],
    ['a/{sub}/{path}x', /another place than the end/],
    ['a*/{sub}/{path}', /not allowed/],
    ['a?/{sub}/{path}', /not allowed/],
    ['a$/{sub}/{path}', /not allowed/],
    ['ä/{sub}/{path}', /not allowed/],
    ['a\\b/{sub}/{path}', /not allowed/],
  ])('finds the issue in %j', (text, issue) => {
    expect(findTemplateIssues(text).join('; ')).toMatch(issue)
  })
})
