import { locale, t } from '../i18n/i18n'
import { formatBytes } from '../ui/format'
import type { UploadRule } from './way'

const GROUPS = {
  'image/*': 'accept.images',
  'video/*': 'accept.videos',
  'audio/*': 'accept.sounds',
  'text/*': 'accept.texts',
  '*/*': 'accept.any',
} as const

const NAMES: Readonly<Record<string, string>> = {
  'application/json': 'JSON',
  'application/msword': 'Word',
  'application/pdf': 'PDF',
  'application/vnd.ms-excel': 'Excel',
  'application/zip': 'ZIP',
  'audio/mpeg': 'MP3',
  'image/jpeg': 'JPEG',
  'image/svg+xml': 'SVG',
  'text/csv': 'CSV',
  'text/html': 'HTML',
  'video/quicktime': 'MOV',
}

/** Lists content types in words: "PNG, JPEG or WebP", "PDF or pictures". */
export function listTypes(contentTypes: readonly string[]): string {
  if (contentTypes.includes('*/*')) return t('accept.any')
  const words = contentTypes.map(wordFor)
  return new Intl.ListFormat(locale.value, { type: 'disjunction' }).format(words)
}

/** Says what a rule takes: "PNG, JPEG or WebP, up to 5 MiB". */
export function describeLimits({ upload }: UploadRule): string {
  const { contentTypes, minBytes = 0, maxBytes } = upload
  const parts = [
    listTypes(contentTypes),
    minBytes > 0 ? t('accept.least', { size: formatBytes(minBytes) }) : '',
    maxBytes === undefined ? '' : t('accept.most', { size: formatBytes(maxBytes) }),
  ]
  return parts.filter(Boolean).join(t('accept.comma'))
}

function wordFor(contentType: string): string {
  const group = Object.entries(GROUPS).find(([pattern]) => pattern === contentType)
  if (group) return t(group[1])
  const [, main, sub = ''] = /^(image|audio|video)\/([a-z0-9]+)$/.exec(contentType) ?? []
  return NAMES[contentType] ?? (main ? sub.toUpperCase().replace('WEBP', 'WebP') : contentType)
}
