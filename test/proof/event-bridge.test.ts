import { createHash } from 'node:crypto'
import type { Bytes } from '../e2e/support/client'
import { share } from '../support/share'
import { openDeployment, store } from './support/deployment'
import { buildForProcesses } from './support/process'

const FILE: Bytes = Buffer.from('hello')
const TYPE = 'text/plain'

const deployment = share(() => openDeployment('webhook'))

/** What OSS reports of this object. */
function dataOf(key: string) {
  const { info, cloud } = deployment()
  const arn = `acs:oss:${info.region}:${cloud.account.id}:${info.bucket}`
  const eTag = createHash('md5').update(FILE).digest('hex').toUpperCase()
  return {
    eventName: 'ObjectCreated:PutObject',
    eventSource: 'acs:oss',
    eventVersion: '1.0',
    oss: {
      bucket: { arn, name: info.bucket, ownerIdentity: cloud.account.id },
      object: { deltaSize: FILE.length, eTag, key, objectMeta: {}, size: FILE.length },
      ossSchemaVersion: '1.0',
    },
    region: info.region,
  }
}

/** The same as EventBridge passes it on (EventBridge: OSS events). */
function envelopeOf(data: ReturnType<typeof dataOf>): object {
  const { bucket, object } = data.oss
  const envelope = { specversion: '1.0', id: 'id-1', source: 'acs.oss' }
  const subject = `${bucket.arn}/${object.key}`
  return { ...envelope, subject, type: 'oss:ObjectCreated:PutObject', data }
}

it('publishes by EventBridge what it publishes by a trigger of OSS, under the same id', async () => {
  const { info, sink, instanceOf } = deployment()
  const built = await buildForProcesses('test/support/rules/media.ts')
  const own = await built.start('upload-event', await instanceOf('upload-event'))
  const key = 'media/alice/bridge.txt'
  await store(info, key, FILE, TYPE)
  const data = dataOf(key)
  expect(await own.invoke(envelopeOf(data))).toBe('')
  const [event] = sink.events
  expect(event).toMatchObject({ subject: key, data: { proof: 'trigger', size: FILE.length } })
  expect(await own.invoke({ events: [data] })).toBe('')
  expect(sink.events.map(({ id }) => id)).toEqual([event?.id])
  await own.stop()
  built.remove()
})
