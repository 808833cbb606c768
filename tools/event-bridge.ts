import { OSS_EVENTS } from './oss-events'

// Everything that is not proven of EventBridge against the live service is in this file: the configuration of its trigger
// (Function Compute: EventBridgeTriggerConfig) and the pattern of OSS's events (EventBridge: OSS events, event patterns).

type Pattern = {
  source: string[]
  type: string[]
  data: { oss: { bucket: { name: string[] }; object: { key: { prefix: string }[] } } }
}

/** Returns the trigger of a function that receives what is written to these folders of a bucket, as lines of YAML. */
export function toEventBridgeLines(bucket: string, prefixes: readonly string[]): string[] {
  const pattern: Pattern = {
    source: ['acs.oss'],
    type: [...OSS_EVENTS],
    data: {
      oss: {
        bucket: { name: [bucket] },
        object: { key: prefixes.map((prefix) => ({ prefix })) },
      },
    },
  }
  return [
    'triggerType: eventbridge',
    'triggerConfig:',
    '  triggerEnable: true',
    // Function Compute retries what it queued.
    '  asyncInvocationType: true',
    '  eventSourceConfig: { eventSourceType: Default, eventSourceParameters: {} }',
    '  eventSinkConfig: { deliveryOption: { eventSchema: CloudEvents } }',
    '  runOptions: {}',
    '  eventRuleFilterPattern: >-',
    `    ${JSON.stringify(pattern)}`,
  ]
}

/** Returns the folders that a trigger of this configuration receives, `<bucket>/<prefix>` each, and the types of events. */
export function readEventBridge(config: Readonly<Record<string, unknown>>): {
  folders: string[]
  types: string[]
} {
  if (config.triggerEnable !== true || config.asyncInvocationType !== true) {
    return { folders: [], types: [] }
  }
  const { type, data } = JSON.parse(String(config.eventRuleFilterPattern)) as Pattern
  const { bucket, object } = data.oss
  const folders = bucket.name.flatMap((name) => object.key.map(({ prefix }) => `${name}/${prefix}`))
  return { folders, types: type }
}
