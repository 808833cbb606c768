import { toRoutes } from '../../server/routes'

it.each([
  ['https://upload.example.com/upload-callback', ''],
  ['https://example.com/files/v1/upload-callback', '/files/v1'],
])('are beside %s', (url, base) => {
  expect([...toRoutes(url).keys()]).toEqual([
    `${base}/sts`,
    `${base}/signed-url`,
    `${base}/post-policy`,
    `${base}/upload-callback`,
  ])
})

it.each([
  'https://upload.example.com/',
  'https://upload.example.com/callback',
  'https://upload.example.com/my-upload-callback',
  'https://upload.example.com/upload-callback/',
])('do not exist for a callback to %s, which none of them answers', (url) => {
  expect(() => toRoutes(url)).toThrow('CALLBACK_URL: must end with /upload-callback')
})
