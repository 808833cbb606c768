// Uploads what the user chooses in a page that has BASE_URL and TOKEN.
import { createOssDirect } from 'oss-direct/client'

const oss = createOssDirect({ baseUrl: BASE_URL, getToken: () => TOKEN })

export async function uploadFile(file, onProgress) {
  const upload = oss.upload(file, { rule: 'documents', onProgress }) // .pause(), .resume(), .cancel()
  try {
    const { key, proven, reason } = await upload.done
    return `${key}: ${proven ? 'proven' : reason.message}`
  } catch ({ code, message }) {
    return `${code}: ${message}`
  }
}
