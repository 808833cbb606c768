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
    ['{sub}/{path}', /no fixed folder/],
    ['a{yyyy}/{sub}/{path}', /no fixed folder/],
    ['file', /no fixed folder/],
    ['.oss-direct/{sub}/{path}', /our own objects/],
    ['a//{sub}/{path}', /without a name/],
    ['a/{sub}/', /without a name/],
    ['a/../{sub}/{path}', /".\."/],
    ['a/u-{sub}/{path}', /folder of its own/],
    ['a/{sub}.{ext}', /folder of its own/],
    ['a/{sub}{uuid}', /folder of its own/],
    ['a/{sub}/x{path}', /elsewhere than at the end/],
    ['a/{path}/{sub}', /elsewhere than at the end/],
    ['a/{sub}/{path}x', /elsewhere than at the end/],
    ['a*/{sub}/{path}', /plain ASCII/],
    ['a?/{sub}/{path}', /plain ASCII/],
    ['a$/{sub}/{path}', /plain ASCII/],
    ['ä/{sub}/{path}', /plain ASCII/],
    ['a\\b/{sub}/{path}', /plain ASCII/],
  ])('finds the issue in %j', (text, issue) => {
    expect(findTemplateIssues(text).join('; ')).toMatch(issue)
  })
})
