import type { LocalCloudOptions } from '../../../local/options'
import { startLocalCloud } from '../../../local/start'
import { share } from '../../support/share'
import type { Info } from './client'

/**
 * Shares one local cloud with the rules of these tests among the tests of a file; returns its info.
 */
export function shareLocalCloud(options: LocalCloudOptions = {}): () => Info {
  const usual = { port: 0, rules: 'test/support/rules/media.ts', log: () => undefined }
  const cloud = share(() => startLocalCloud({ ...usual, ...options }))
  return () => cloud().info
}
