// `tsc` compares the types of the adapters them with those of the real packages.
import type { Uppy } from '@uppy/core'
import type { Uppy as UppyFive } from '@uppy/core-v5'
import type { UploadProps } from 'antd'
import type { UploadRequestHandler } from 'element-plus'
import type { FilePondOptions } from 'filepond'
import { createOssDirect } from '../../../client'
import { toAntd, toElementPlus, toFilePond, toUppy } from '../../../client/adapters'

type Antd = Pick<UploadProps, 'customRequest'>

const oss = createOssDirect({ baseUrl: 'http://127.0.0.1:1', getToken: () => '' })
const options = { rule: 'documents' }

it('fits the options of each kit, without an import of its types', () => {
  const antd: Antd = { customRequest: toAntd(oss, options) }
  const httpRequest: UploadRequestHandler = toElementPlus(oss, options)
  const pond: FilePondOptions = { server: toFilePond(oss, options) }
  const attach: ((uppy: Uppy<{ title: string }, { key: string }> | UppyFive) => void)[] = [
    (uppy) => toUppy(uppy, oss, options),
  ]
  // @ts-expect-error
  const wrong: Antd = { customRequest: attach }
  expect([antd, httpRequest, pond, attach, wrong].map(String)).toHaveLength(5)
})
