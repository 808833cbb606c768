import type { SendInput, Sending } from './send-input'
import type { Way } from './way'

/** Starts to send a file. */
export async function startSending(way: Way, input: SendInput): Promise<Sending> {
  // Loaded when it is chosen: few visits need it.
  if (way === 'sts') return (await import('./sts/send-by-sts')).sendBySts(input)
  const { client, file, path, sub: _, ...options } = input
  const mechanism = way === 'auto' ? {} : { mechanism: way }
  return client.upload(file, { ...options, ...mechanism, filename: path })
}
