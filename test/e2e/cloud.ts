import type { LocalCloudOptions } from '../../local/options'
import { startLocalCloud } from '../../local/start'
import { share } from '../share'
import type { Info } from './client'

/** One local cloud with the rules of these tests, for the tests of a file; answers where it is. */
export function shareLocalCloud(options: LocalCloudOptions = {}): () => Info {
  const usual = { port: 0, rules: 'test/support/rules/media.ts', log: () => undefined }
  const cloud = share(() => startLocalCloud({ ...usual, ...options }))
  return () => cloud().info
}
