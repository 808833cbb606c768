// Alibaba's classic sample (upload.js) with plupload, its globals and names as there. Ours are the URL, the header with the
// token and the line for x-oss-security-token; with `as=web-v4`, the fields of the sample for version 4.
import plupload from 'plupload'
import { settings, tell } from './tell.mjs'

let host = ''
let policyBase64 = ''
let accessid = ''
let signature = ''
let callbackbody = ''
let key = ''
let securityToken = ''
let v4_params = {}
let expire = 0
let g_object_name = ''

function send_request() {
  const xmlhttp = new XMLHttpRequest()
  xmlhttp.open(
    'GET',
    `${settings.gateway}/post-policy?as=${settings.as}&rule=${settings.rule}`,
    false,
  )
  xmlhttp.setRequestHeader('Authorization', `Bearer ${settings.token}`)
  xmlhttp.send(null)
  return xmlhttp.responseText
}

function get_signature() {
  const now = Date.parse(new Date()) / 1000
  if (expire >= now + 3) return false
  const obj = JSON.parse(send_request())
  host = obj.host
  policyBase64 = obj.policy
  accessid = obj.accessid
  signature = obj.signature
  expire = Number.parseInt(obj.expire, 10)
  callbackbody = obj.callback
  key = obj.dir
  securityToken = obj['x-oss-security-token']
  v4_params = {
    success_action_status: '200',
    policy: obj.policy,
    'x-oss-signature': obj.signature,
    'x-oss-signature-version': obj.x_oss_signature_version,
    'x-oss-credential': obj.x_oss_credential,
    'x-oss-date': obj.x_oss_date,
    'x-oss-security-token': obj.security_token,
    callback: obj.callback,
  }
  return true
}

function calculate_object_name() {
  // The sample's choice between the name of the file and a random one.
  g_object_name += `\${filename}`
}

function set_upload_param(up, filename, ret) {
  if (ret === false) get_signature()
  g_object_name = key
  if (filename !== '') calculate_object_name(filename)
  const new_multipart_params = {
    key: g_object_name,
    policy: policyBase64,
    OSSAccessKeyId: accessid,
    success_action_status: '200',
    callback: callbackbody,
    signature: signature,
    'x-oss-security-token': securityToken,
  }
  const multipart_params =
    settings.as === 'web-v1' ? new_multipart_params : { ...v4_params, key: g_object_name }
  up.setOption({ url: host, multipart_params })
  up.start()
}

const button = document.createElement('button')
button.id = 'selectfiles'
document.querySelector('#app').append(button)

const uploader = new plupload.Uploader({
  runtimes: 'html5',
  browse_button: 'selectfiles',
  url: 'http://oss.aliyuncs.com',
  init: {
    FilesAdded: (up) => set_upload_param(up, '', false),
    BeforeUpload: (up, file) => set_upload_param(up, file.name, true),
    FileUploaded: (_, file, info) => tell(`${file.name} ${info.status} ${info.response}`),
    Error: (_, error) => tell(`${error.file.name} ${error.status} ${error.response}`),
  },
})
uploader.init()
