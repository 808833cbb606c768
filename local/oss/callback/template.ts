import { encodeStrict } from '../encode'

/** The value of a variable; `undefined` if it is unknown or has no value. */
export type TemplateValue = string | number | undefined

/** Returns the value of a variable by the name between `${` and `}`. */
export type TemplateValues = (name: string) => TemplateValue

const SYSTEM = new Set(
  `bucket object etag size mimeType imageInfo.height imageInfo.width imageInfo.format crc64
  contentMd5 vpcId clientIp reqId operation`.split(/\s+/),
)
const NUMERIC = new Set(['size', 'imageInfo.height', 'imageInfo.width'])

/**
 * Returns a sample value of the right type for every variable, to check a template for valid JSON
 * in advance.
 */
export const SAMPLE_VALUES: TemplateValues = (name) => (NUMERIC.has(name) ? 0 : 'x')

/** Returns the names of the variables in a template, or `undefined` if one of them cannot exist. */
export function variablesOf(template: string): string[] | undefined {
  const names = [...template.matchAll(/\$\{([^{}]*)\}/g)].map(([, name]) => name ?? '')
  return names.every((name) => SYSTEM.has(name) || /^x:./.test(name)) ? names : undefined
}

/**
 * Fills a callback body: in a form values are URL-encoded; in JSON strings are quoted, numbers are
 * not, and a missing value is `null` (OSS: Callback, callbackBody).
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
