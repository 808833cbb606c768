import type { shell as en } from '../en/shell'

/** The messages of the frame around the page's parts, in Chinese. */
export const shell: Record<keyof typeof en, string> = {
  'shell.title': 'oss-direct：文件直传 OSS',
  'shell.promise': '文件直接上传到 OSS，服务端只负责授权、签名和校验。',
  'shell.language': '语言',
  'ui.bytes': '{bytes, number} 字节',
  'ui.explain': '{word} 是什么',
  'ui.close': '关闭',
  'ui.perSecond': '{size}/s',
}
