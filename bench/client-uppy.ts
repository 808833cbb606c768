import { build } from 'esbuild'
import type { Page } from 'playwright-core'
import type { LocalInfo } from '../local/options'
import { type Method, signUrl } from '../shared/signing/url'

// Uppy with its own plugin for S3, whose `signRequest` gets the URL of each request, as its documentation has it. Our
// URL that completes an upload wants no list of parts, which Uppy sends: so all are signed here, for the local OSS itself.

type UppyRequest = { method: Method; key: string; uploadId?: string; partNumber?: number }

/** Uploads a file in the page, in parts; `uppyS3` and `signRequest` are there by `addUppy`. */
export const UPPY_UPLOAD = `async (file) => {
  const uppy = new uppyS3.Uppy()
  uppy.use(uppyS3.AwsS3, { signRequest, shouldUseMultipart: true, generateObjectKey: () => 'bulk/alice/uppy.bin' })
  uppy.addFile({ name: 'uppy.bin', type: 'video/mp4', data: file })
  const { failed } = await uppy.upload()
  if (failed.length > 0) throw new Error(failed[0].error)
}`

/** Loads Uppy into a page, and gives it a function that signs. */
export async function addUppy(page: Page, info: LocalInfo): Promise<void> {
  await page.exposeFunction('signRequest', (request: UppyRequest) => sign(request, info))
  const { outputFiles } = await build({
    stdin: {
      contents: `export { default as Uppy } from '@uppy/core'; export { default as AwsS3 } from '@uppy/aws-s3'`,
      resolveDir: __dirname,
    },
    bundle: true,
    minify: true,
    format: 'iife',
    globalName: 'uppyS3',
    write: false,
  })
  await page.addScriptTag({ content: outputFiles[0]?.text ?? '' })
}

function sign({ method, key, uploadId, partNumber }: UppyRequest, info: LocalInfo) {
  const { bucket, region, oss: endpoint, accessKeyId, accessKeySecret } = info
  const isPart = partNumber !== undefined
  const query = {
    ...(uploadId === undefined ? { uploads: '' } : { uploadId }),
    ...(isPart && { partNumber: String(partNumber) }),
  }
  const { url, headers } = signUrl({
    method,
    target: { bucket, region, endpoint, addressing: 'path' },
    key,
    query,
    headers: { 'content-type': isPart ? 'application/octet-stream' : 'video/mp4' },
    expiresSeconds: 600,
    credentials: { accessKeyId, accessKeySecret },
    now: Math.floor(Date.now() / 1000),
  })
  return { url, headers }
}
