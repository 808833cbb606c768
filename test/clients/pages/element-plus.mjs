// el-upload with `action` and `data` that `before-upload` fills in, as most copies do it. Ours are the request and `fields`.
import { ElUpload } from 'element-plus/es/components/upload/index.mjs'
import { createApp, h, shallowRef } from 'vue'
import { ask, settings, tell } from './tell.mjs'

const host = shallowRef('')
const dataObj = shallowRef({})

async function beforeUpload(file) {
  const response = await ask(`/post-policy?as=web-v1&rule=${settings.rule}`)
  dataObj.value = {
    policy: response.policy,
    signature: response.signature,
    ossaccessKeyId: response.accessid,
    key: `${response.dir}${file.uid}_\${filename}`,
    dir: response.dir,
    host: response.host,
    ...response.fields,
  }
  host.value = response.host
}

createApp({
  setup: () => () =>
    h(
      ElUpload,
      {
        action: host.value,
        data: dataObj.value,
        beforeUpload,
        onSuccess: (response, file) => tell(`${file.name} 200 ${JSON.stringify(response)}`),
        onError: (error, file) => tell(`${file.name} ${error.status} ${error.message}`),
      },
      { default: () => h('button', 'Upload') },
    ),
}).mount('#app')
