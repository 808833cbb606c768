/** The context of a function call (Function Compute 3.0: Node.js context), without the logger. */
export type InvocationContext = {
  requestId: string
  credentials: { accessKeyId: string; accessKeySecret: string; securityToken: string }
  function: { name: string; handler: string; memory: number; timeout: number }
  service: { logProject: string; logStore: string; qualifier: string; versionId: string }
  region: string
  accountId: string
}

/**
 * The input of a worker thread; `clock` holds one 64-bit float: the cloud's time minus the
 * machine's, in ms.
 */
export type WorkerInput = {
  file: string
  clock: SharedArrayBuffer
  context: InvocationContext
  /** For a web server, which is started with these options; absent for a function. */
  server?: ServerOptions
}

/** The options of a web server (`server/options.ts`). */
export type ServerOptions = {
  host: string
  port: number
  trustedProxies: number
  stopSeconds: number
}

export type ToWorker = { event: Uint8Array; context: InvocationContext }

export type FromWorker =
  | { kind: 'ready' }
  | { kind: 'listening'; port: number }
  | { kind: 'returned'; text: string }
  | { kind: 'failed' | 'threw'; message: string; stack: string }
