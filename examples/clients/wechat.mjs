import { createOssDirect } from 'oss-direct/client'
import { toWx } from 'oss-direct/client/adapters'

const { transport, toSource } = toWx(wx)
const oss = createOssDirect({ baseUrl: BASE_URL, getToken: () => TOKEN, transport })

export async function chooseAndUpload(onProgress) {
  const chosen = await wx.chooseMedia({ count: 1, mediaType: ['image'] })
  const [{ tempFilePath: path, size }] = chosen.tempFiles
  const options = { rule: 'avatar', mechanism: 'form', onProgress }
  return oss.upload(toSource({ path, size }), options).done // { key, proven, … }
}
