import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { credentials, grant } from './example'
import type { Case } from './measure'

// Signers of S3, a protocol much like that of OSS. They are in a package of their own, bench/package.json, because only
// these cases require them: npm run bench installs them.

/** The names of the peers' cases. */
export const PEERS = {
  awsUrl: 'V4 URL: @aws-sdk/s3-request-presigner',
  aws4fetchUrl: 'V4 URL: aws4fetch',
  minioUrl: 'V4 URL: minio',
  awsForm: 'V4 form: @aws-sdk/s3-presigned-post',
  minioForm: 'V4 form: minio',
} as const

const REGION = 'us-east-1'
const SECONDS = 600
const HOST = 's3.example.com'

type Constructor<Instance, Input> = new (input: Input) => Instance
type Aws = {
  S3Client: Constructor<object, object>
  PutObjectCommand: Constructor<object, object>
}
type Minio = {
  presignedPutObject: (bucket: string, key: string, seconds: number) => Promise<string>
  presignedPostPolicy: (policy: object) => Promise<object>
  newPostPolicy: () => MinioPolicy
}
type MinioPolicy = {
  setBucket: (bucket: string) => void
  setKey: (key: string) => void
  setContentType: (type: string) => void
  setContentLengthRange: (min: number, max: number) => void
  setExpires: (date: Date) => void
}

/** Returns true for the name of a peer's case. */
export function isPeer(name: string): boolean {
  return Object.values<string>(PEERS).includes(name)
}

/** Returns true if the packages of `bench/package.json` are installed. */
export function arePeersInstalled(): boolean {
  return existsSync(join(__dirname, 'node_modules'))
}

/** Returns the peers' cases; none if they are not installed. */
export function peerCases(): Case[] {
  if (!arePeersInstalled()) return []
  // Their SDK warns at every start of Node 20.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'
  const load = createRequire(join(__dirname, 'package.json'))
  return [
    { name: PEERS.awsUrl, run: lazily(() => awsUrl(load)) },
    { name: PEERS.awsForm, run: lazily(() => awsForm(load)) },
    { name: PEERS.aws4fetchUrl, run: lazily(() => aws4fetchUrl(load)) },
    { name: PEERS.minioUrl, run: lazily(() => minioUrl(minioClient(load))) },
    { name: PEERS.minioForm, run: lazily(() => minioForm(minioClient(load))) },
  ]
}

// Every process has all cases, and times one: the others must not load their packages.
function lazily(create: () => () => unknown): () => unknown {
  let run: (() => unknown) | undefined
  return () => {
    run ??= create()
    return run()
  }
}

const { accessKeyId, accessKeySecret: secretAccessKey, securityToken: sessionToken } = credentials
const object = { Bucket: grant.bucket, Key: grant.key }

function awsClient({ S3Client }: Aws): object {
  const keys = { accessKeyId, secretAccessKey, sessionToken }
  return new S3Client({ region: REGION, credentials: keys })
}

function awsUrl(load: NodeJS.Require): () => unknown {
  const aws = load('@aws-sdk/client-s3') as Aws
  const { getSignedUrl } = load('@aws-sdk/s3-request-presigner')
  const client = awsClient(aws)
  const input = { ...object, ContentType: grant.contentType }
  return () => getSignedUrl(client, new aws.PutObjectCommand(input), { expiresIn: SECONDS })
}

function awsForm(load: NodeJS.Require): () => unknown {
  const { createPresignedPost } = load('@aws-sdk/s3-presigned-post')
  const client = awsClient(load('@aws-sdk/client-s3') as Aws)
  const Conditions = [['content-length-range', grant.minBytes, grant.maxBytes]]
  const Fields = { 'Content-Type': grant.contentType }
  return () => createPresignedPost(client, { ...object, Conditions, Fields, Expires: SECONDS })
}

function aws4fetchUrl(load: NodeJS.Require): () => unknown {
  const { AwsClient } = load('aws4fetch')
  const client = new AwsClient({ accessKeyId, secretAccessKey, sessionToken, service: 's3' })
  const url = `https://${grant.bucket}.${HOST}/${grant.key}?X-Amz-Expires=${SECONDS}`
  const options = { method: 'PUT', headers: { 'content-type': grant.contentType } }
  return () => client.sign(url, { ...options, aws: { signQuery: true, region: REGION } })
}

function minioClient(load: NodeJS.Require): Minio {
  const { Client } = load('minio') as { Client: Constructor<Minio, object> }
  const keys = { accessKey: accessKeyId, secretKey: secretAccessKey, sessionToken }
  return new Client({ endPoint: HOST, region: REGION, ...keys })
}

function minioUrl(client: Minio): () => unknown {
  return () => client.presignedPutObject(grant.bucket, grant.key, SECONDS)
}

function minioForm(client: Minio): () => unknown {
  return () => {
    const policy = client.newPostPolicy()
    policy.setBucket(grant.bucket)
    policy.setKey(grant.key)
    policy.setContentType(grant.contentType)
    policy.setContentLengthRange(grant.minBytes, grant.maxBytes)
    policy.setExpires(new Date(Date.now() + SECONDS * 1000))
    return client.presignedPostPolicy(policy)
  }
}
