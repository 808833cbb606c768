import * as FilePond from 'filepond'
import { createOssDirect } from 'oss-direct/client'
import { toFilePond } from 'oss-direct/client/adapters'

const oss = createOssDirect({ baseUrl: BASE_URL, getToken: () => TOKEN })
const onUploaded = ({ key, proven, reason }) => console.log(key, proven ? 'proven' : reason.message)

export const pond = FilePond.create(document.querySelector('input[type=file]'), {
  server: toFilePond(oss, { rule: 'documents', onUploaded }),
  labelFileProcessingError: ({ body }) => body,
})
