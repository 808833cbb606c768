import { encodeStrict } from '../encode'

/** A variable's value; `undefined` for one that is unknown or has none. */
export type TemplateValue = string | number | undefined

/** Looks a variable up by the name between `${` and `}`. */
export type TemplateValues = (name: string) => TemplateValue

const SYSTEM = new Set(
  `bucket object etag size mimeType imageInfo.height imageInfo.width imageInfo.format crc64
  contentMd5 vpcId clientIp reqId operation`.split(/\s+/),
)
const NUMERIC = new Set(['size', 'imageInfo.height', 'imageInfo.width'])

/** A value of the right type for every variable, to see beforehand whether a template is JSON. */
export const SAMPLE_VALUES: TemplateValues = (name) => (NUMERIC.has(name) ? 0 : 'x')

/** The variables that a template names, or `undefined` when one of them can't exist. */
export function variablesOf(template: string): string[] | undefined {
  const names = [...template.matchAll(/\$\{([^{}]*)\}/g)].map(([, name]) => name ?? '')
  return names.every((name) => SYSTEM.has(name) || /^x:./.test(name)) ? names : undefined
}

/**
 * Puts values into a callback body: URL-encoded in a form; in JSON, text with its quotes, numbers
 * bare and `null` for what has no value (OSS: Callback, callbackBody).
 */
export function fillTemplate(
  template: string,
  bodyType: 'application/x-www-form-urlencoded' | 'application/json',
  values: TemplateValues,
): string {
  const render = bodyType === 'application/json' ? toJsonText : toFormText
  return template.replace(/\$\{([^{}]*)\}/g, (_, name: string) => render(values(name)))
}

function toJsonText(value: TemplateValue): string {
  return value === undefined ? 'null' : JSON.stringify(value)
}

function toFormText(value: TemplateValue): string {
  return value === undefined ? '' : encodeStrict(String(value))
}
