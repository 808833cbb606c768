import Uppy from '@uppy/core'
import { createOssDirect } from 'oss-direct/client'
import { toUppy } from 'oss-direct/client/adapters'

export const uppy = new Uppy()
const oss = createOssDirect({ baseUrl: BASE_URL, getToken: () => TOKEN })
toUppy(uppy, oss, { rule: 'documents' })

uppy.on('upload-success', (file, { body }) => {
  console.log(file.name, body.key, body.proven ? 'proven' : body.reason.message)
})
