import { Upload } from 'antd'
import { createOssDirect } from 'oss-direct/client'
import { toAntd } from 'oss-direct/client/adapters'

const oss = createOssDirect({ baseUrl: BASE_URL, getToken: () => TOKEN })
const customRequest = toAntd(oss, { rule: 'documents' })

// `status`, `percent`, `response` ({ key, proven, … }) and `error` of the file are antd's own.
export const Documents = ({ onChange }) => (
  <Upload customRequest={customRequest} onChange={({ file }) => onChange(file)}>
    <button type="button">Choose a file</button>
  </Upload>
)
