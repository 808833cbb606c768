import type { IncomingHttpHeaders } from 'node:http'

/** What OSS computed of a signature; `isRight` where the client's was the same. */
export type ObservedSignature = {
  accessKeyId: string
  /** Absent for V1 and for forms. */
  canonicalRequest?: string
  stringToSign: string
  isRight: boolean
}

/** A callback as it was sent, and what came back; times in Unix ms. */
export type ObservedCallback = {
  sentAt: number
  url: string
  headers: Readonly<Record<string, string | number>>
  body: string
  answeredAt?: number
  /** Absent where no answer came. */
  status?: number
  answerHeaders?: IncomingHttpHeaders
}

/** What is noted while a request is answered. OSS only writes it: no answer depends on it. */
export type Notes = {
  /** The key that a form names. */
  key?: string
  signature?: ObservedSignature
  callbacks: ObservedCallback[]
}
