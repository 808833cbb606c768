import { uploadByForm } from './form'
import type { Upload } from './order'
import { uploadBySts } from './sts'
import { uploadByUrl } from './url'

export type Mechanism = 'sts' | 'url' | 'form'

type Entry = { label: string; note: string; upload: Upload }

/** The ways in which a client can be given permission to upload, as this page offers them. */
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

/** True for the name of a mechanism. */
export function isMechanism(name: string): name is Mechanism {
  return Object.hasOwn(MECHANISMS, name)
}
