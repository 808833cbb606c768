import { setMaxListeners } from 'node:events'
import type { RequestListener } from 'node:http'
import { closeServer, listen } from '../http'
import type { Account } from '../ram/types'
import { blankSecrets } from '../secrets'
import { CALLBACK_KEY_PATH, openCallbackKey } from './callback/key'
import type { Cloud, LogEntry } from './cloud'
import { answerRequest, type Service, toLogEntry } from './connection'
import { FaultPlan, type FaultRule } from './faults'
import { createHttp, serveRequests } from './http-server'
import { newSettings } from './operations/bucket'
import { type Observation, Recorder, type RequestRecord } from './recorder'
import { Store } from './store/store'
import { type OssEvents, Trigger, toEvents } from './trigger'
import { type Headers, isBucketName } from './wire'

/** The options of `startOss`; `now` returns Unix ms. */
export type OssOptions = {
  host: string
  /** The port; 0 for a free one. */
  port: number
  account: Account
  region: string
  /** Created at the start if they do not exist. */
  buckets: string[]
  dataDir: string
  now: () => number
  log: (entry: LogEntry) => void
  /** Called for every request with what was computed and sent for it, its secrets among it. */
  observe?: (observation: Observation) => void
  /** The bucket of each custom domain, by host name. */
  cnames?: Record<string, string>
  /** Refuses V1 signatures, as OSS announced for new buckets. */
  v1Refused?: boolean
  /** Called in the background after every write, and again if it fails. */
  onCreated?: (events: OssEvents) => Promise<void>
  /**
   * Returns true if a function of this local cloud sent the request; without it, every request
   * counts as a client's.
   */
  isFunctionRequest?: (headers: Headers) => boolean
  /** The faults to inject from the start. */
  faults?: readonly FaultRule[]
  /** Wraps the listener that answers requests. */
  guard?: (listener: RequestListener) => RequestListener
  /**
   * Returns true for origins whose pages are refused unless the bucket's CORS rules list them;
   * without it, no origin is refused.
   */
  isForeignOrigin?: (origin: string) => boolean
  /**
   * Awaited before each callback, whose 5 s start then. Resolves to a function to call after it, or
   * to `undefined` if the URL is not allowed. Without it, every callback is sent at once.
   */
  admitCallback?: Cloud['admitCallback']
  /** The time without a byte after which a connection is closed. */
  idleMs?: number
}

/** A running OSS. */
export type OssServer = {
  url: string
  port: number
  /** The public key of the key pair that signs callbacks, and its URL. */
  callbackKey: { url: string; pem: string }
  /** Replaces the faults to inject. */
  setFaults(rules: readonly FaultRule[]): void
  /** Returns the keys of a bucket with this prefix, in order. */
  keys(bucket: string, prefix: string): string[]
  /** Returns the last thousand requests, with the reason of each refusal. */
  requests(): RequestRecord[]
  close(): Promise<void>
}

const IDLE_MS = 60_000

/** Starts the local OSS; resolves once it listens. */
export async function startOss(options: OssOptions): Promise<OssServer> {
  const store = new Store(options.dataDir)
  const server = createHttp({ idleMs: options.idleMs ?? IDLE_MS, now: options.now })
  try {
    createBuckets(store, options)
    const port = await listen(server, options.port, options.host)
    const { service, recorder, stop } = createService(options, store, `http://localhost:${port}`)
    const underway = new Set<Promise<void>>()
    const serve: RequestListener = (request, response) => {
      const exchange = answerRequest(service, request, response)
      underway.add(exchange)
      void exchange.finally(() => underway.delete(exchange))
    }
    serveRequests(server, options.now, options.guard?.(serve) ?? serve)
    const { url, pem } = service.cloud.callbackKey
    return {
      url: `http://localhost:${port}`,
      port,
      callbackKey: { url, pem },
      setFaults: (rules) => service.faults.replace(rules),
      keys: (bucket, prefix) =>
        (store.bucket(bucket)?.keys.inOrder() ?? []).filter((key) => key.startsWith(prefix)),
      requests: () => recorder.list(),
      close: async () => {
        stop()
        await closeServer(server)
        await Promise.all(underway)
        await store.close()
      },
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

function createService(options: OssOptions, store: Store, url: string) {
  const { account, region, now, log, cnames = {}, v1Refused = false, faults = [] } = options
  const trigger = options.onCreated && new Trigger(options.onCreated)
  const recorder = new Recorder()
  const stopping = new AbortController()
  // One listener for every callback in progress.
  setMaxListeners(0, stopping.signal)
  const cloud: Cloud = {
    account,
    region,
    store,
    now,
    v1Refused,
    isVersioned: false,
    stopping: stopping.signal,
    isForeignOrigin: options.isForeignOrigin ?? (() => false),
    admitCallback: options.admitCallback ?? (async () => () => undefined),
    callbackKey: openCallbackKey(options.dataDir, `${url}${CALLBACK_KEY_PATH}`),
    onCreated: (created) =>
      trigger?.offer(toEvents(created, { region, accountId: account.id, now: now() })),
  }
  const service: Service = {
    cloud,
    naming: { region, cnames },
    faults: new FaultPlan(faults, options.isFunctionRequest),
    observe: options.observe,
    record: (received) => {
      const record = blankSecrets(received)
      recorder.add(record)
      log(toLogEntry(record))
    },
  }
  const stop = () => {
    stopping.abort()
    trigger?.stop()
  }
  return { service, recorder, stop }
}

function createBuckets(store: Store, { buckets, now }: OssOptions): void {
  for (const bucket of buckets) {
    if (!isBucketName(bucket)) throw new Error(`"${bucket}" is not a valid bucket name`)
    if (store.bucket(bucket)) continue
    const settings = newSettings({ storageClass: 'Standard', createdAt: now(), blocks: false })
    store.commit({ type: 'bucket', bucket, settings })
  }
}
