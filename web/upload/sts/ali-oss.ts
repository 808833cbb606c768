/** The options of an `ali-oss` client that this page uses. */
export interface AliOssOptions {
  accessKeyId: string
  accessKeySecret: string
  stsToken: string
  bucket: string
  region: string
  endpoint: string
  sldEnable: boolean
  authorizationV4: boolean
  retryMax: number
  refreshSTSToken: () => Promise<
    Pick<AliOssOptions, 'accessKeyId' | 'accessKeySecret' | 'stsToken'>
  >
  refreshSTSTokenInterval: number
}

/** A callback as `ali-oss` takes it. */
export interface AliOssCallback {
  url: string
  body: string
  contentType: string
  callbackSNI: boolean
  customValue: Record<string, string>
}

/** What `ali-oss` needs to go on with an upload. */
export interface Checkpoint {
  uploadId: string
  doneParts: readonly unknown[]
}

/** The options of one upload. */
export interface MultipartOptions {
  mime: string
  partSize: number
  parallel: number
  headers: Record<string, string>
  callback: AliOssCallback
  checkpoint?: Checkpoint
  progress: (share: number, checkpoint?: Checkpoint | null) => void
}

/** The part of an `ali-oss` client that this page uses. */
export interface AliOss {
  options: { amendTimeSkewed: number }
  multipartUpload(key: string, file: File, options: MultipartOptions): Promise<{ data?: unknown }>
  abortMultipartUpload(key: string, uploadId: string): Promise<unknown>
  cancel(): void
}

declare global {
  interface Window {
    OSS?: new (options: AliOssOptions) => AliOss
  }
}

let loading: Promise<void> | undefined

/** Creates a client of `ali-oss`; loads its script first, once. */
export async function createAliOss(options: AliOssOptions): Promise<AliOss> {
  loading ??= loadScript('/ali-oss.js')
  await loading
  if (!window.OSS) throw new Error('ali-oss did not load')
  return new window.OSS(options)
}

function loadScript(src: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = src
    script.onload = () => resolve()
    script.onerror = () => {
      loading = undefined
      reject(new Error(`${src} did not load`))
    }
    document.head.append(script)
  })
}
