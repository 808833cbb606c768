import { OssDirectError, type Uploaded, type UploadState } from '../../../client'
import { createSwitches } from '../../../client/control'
import { isOffline, untilOnline } from '../../../client/online'
import type { SendInput, Sending } from '../send-input'
import { createAliOssUpload } from './ali-oss-upload'

/** Sends a file in parts with `ali-oss` and credentials that are limited to the user's prefix. */
export function sendBySts(input: SendInput): Sending {
  const { control, ...switches } = createSwitches()
  const upload = createAliOssUpload(input)
  const report = (state: UploadState) => upload.report(state)

  async function run(): Promise<Uploaded> {
    for (;;) {
      await control.pausedWhile()
      const stops = new AbortController()
      const stop = () => stops.abort(control.signal.reason)
      control.signal.addEventListener('abort', stop)
      const unsubscribe = control.onPause(stop)
      try {
        report('uploading')
        return await upload.attempt(stops.signal)
      } catch (error) {
        control.signal.throwIfAborted()
        if (!stops.signal.aborted) {
          if (!isOffline() || !isNetwork(error)) throw error
          report('offline')
          await untilOnline(control.signal)
        }
      } finally {
        unsubscribe()
        control.signal.removeEventListener('abort', stop)
      }
    }
  }

  const done = run()
  const ended = done.catch(async (error) => {
    // What a lost connection has interrupted goes on with the next attempt.
    if (!isNetwork(error)) await upload.dropParts()
  })
  return {
    done,
    pause() {
      switches.pause()
      report('paused')
    },
    resume() {
      switches.resume()
    },
    async cancel() {
      switches.cancel()
      await ended
    },
  }
}

function isNetwork(error: unknown): boolean {
  return error instanceof OssDirectError && error.code === 'network'
}
