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
export type WorkerInput = { file: string; clock: SharedArrayBuffer; context: InvocationContext }

export type ToWorker = { event: Uint8Array; context: InvocationContext }

export type FromWorker =
  | { kind: 'ready' }
  | { kind: 'returned'; text: string }
  | { kind: 'failed' | 'threw'; message: string; stack: string }
