// antd's sample of direct upload to Aliyun OSS. Ours are the request and the line with `fields`.
import Upload from 'antd/es/upload'
import { useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { ask, settings, tell } from './tell.mjs'

function AliyunOSSUpload({ value, onChange }) {
  const [OSSData, setOSSData] = useState()

  const init = async () => {
    setOSSData(await ask(`/post-policy?as=web-v1&rule=${settings.rule}`))
  }

  useEffect(() => {
    init()
  }, [])

  const getExtraData = (file) => ({
    key: file.url,
    OSSAccessKeyId: OSSData?.accessId,
    policy: OSSData?.policy,
    Signature: OSSData?.signature,
    ...OSSData?.fields,
  })

  const beforeUpload = async (file) => {
    if (!OSSData) return false
    const expire = Number(OSSData.expire) * 1000
    if (expire < Date.now()) await init()
    const suffix = file.name.slice(file.name.lastIndexOf('.'))
    file.url = OSSData.dir + Date.now() + suffix
    return file
  }

  if (!OSSData) return null
  return (
    <Upload
      name="file"
      fileList={value}
      action={OSSData?.host}
      onChange={({ fileList }) => onChange?.([...fileList])}
      data={getExtraData}
      beforeUpload={beforeUpload}
    >
      <button type="button">Click to Upload</button>
    </Upload>
  )
}

const seen = new Set()

function Page() {
  const [value, setValue] = useState([])
  const onChange = (fileList) => {
    for (const file of fileList) {
      const { uid, name, status, url, response, error } = file
      if (!['done', 'error'].includes(status) || seen.has(uid)) continue
      seen.add(uid)
      tell(`${name} ${error?.status ?? 200} ${url} ${JSON.stringify(response)}`)
    }
    setValue(fileList)
  }
  return <AliyunOSSUpload value={value} onChange={onChange} />
}

createRoot(document.querySelector('#app')).render(<Page />)
