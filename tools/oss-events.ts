/** What the trigger of OSS reports: everything that the rights to upload can write with. */
export const OSS_EVENTS = [
  'PutObject',
  'PostObject',
  'CopyObject',
  'AppendObject',
  'CompleteMultipartUpload',
].map((operation) => `oss:ObjectCreated:${operation}`)
