import { uploadByForm } from './form'
import { uploadBySts } from './sts'
import type { Upload } from './upload-input'
import { uploadByUrl } from './url'

export type Mechanism = 'sts' | 'url' | 'form'

type Entry = { label: string; note: string; upload: Upload }

/** The mechanisms that this page offers. */
export const MECHANISMS = {
  url: {
    label: 'Signed URL',
    note: 'One PUT of this size and type.',
    upload: uploadByUrl,
  },
  form: {
    label: 'POST form',
    note: 'Signed fields; OSS enforces the limits.',
    upload: uploadByForm,
  },
  sts: {
    label: 'STS credentials',
    note: 'ali-oss in parts, for large files.',
    upload: uploadBySts,
  },
} as const satisfies Record<Mechanism, Entry>

/** Returns true for the name of a mechanism. */
export function isMechanism(name: string): name is Mechanism {
  return Object.hasOwn(MECHANISMS, name)
}
