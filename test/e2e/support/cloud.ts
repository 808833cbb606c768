import type { LocalCloudOptions } from '../../../local/options'
import { type LocalCloud, startLocalCloud } from '../../../local/start'
import { share } from '../../support/share'
import type { Info } from './client'

/** The variable that runs these suites against the web server instead of the functions: `web`. */
export const SERVER = 'OSS_DIRECT_TEST_SERVER'

/** Starts a local cloud with the rules of these tests. */
export function openCloud(options: LocalCloudOptions = {}): Promise<LocalCloud> {
  return startLocalCloud({
    port: 0,
    rules: 'test/support/rules/media.ts',
    server: process.env[SERVER] === 'web' ? 'web' : 'functions',
    log: () => undefined,
    ...options,
  })
}

/** Shares one such cloud among the tests of a file; returns its info. */
export function shareLocalCloud(options: LocalCloudOptions = {}): () => Info {
  const cloud = share(() => openCloud(options))
  return () => cloud().info
}
