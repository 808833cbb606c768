// ali-oss as docs/http-api.md prints it, for a file that takes long: the test moves the clocks after each part.
import OSS from 'ali-oss/dist/aliyun-oss-sdk.min.js'
import { ask, settings, tell } from './tell.mjs'

window.OSS = OSS

const lend = () => {
  const body = JSON.stringify({ rule: 'media', access: 'write' })
  return ask('/sts?as=ali-oss', { method: 'POST', body })
}

/** Uploads this many parts, `parallel` at once; `afterPart` is of the test. */
window.uploadParts = async (parts, parallel, afterPart) => {
  const ids = new Set()
  const refreshSTSToken = async () => {
    const { accessKeyId, accessKeySecret, stsToken } = await lend()
    ids.add(accessKeyId)
    tell(`refreshed ${accessKeyId}`)
    return { accessKeyId, accessKeySecret, stsToken }
  }
  const { prefix, headers, callback, ...options } = await lend()
  ids.add(options.accessKeyId)
  const client = new OSS({ ...options, refreshSTSToken, retryMax: 0 })
  const file = new File([new Uint8Array(parts * 102_400).fill(7)], 'long.bin')
  const { data } = await client.multipartUpload(`${prefix}${settings.name}`, file, {
    headers,
    callback,
    mime: 'a/b',
    partSize: 102_400,
    parallel,
    progress: () => afterPart?.(),
  })
  return { data, sessions: ids.size }
}
