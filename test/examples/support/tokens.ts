import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSettings } from '../../../local/settings'
import { startLocalCloud } from '../../../local/start'
import { ask, type UrlAnswer } from '../../e2e/support/client'
import { share } from '../../support/share'
import { runExample } from './run'

const ISSUER = {
  AUTH_ISSUER: 'https://www.example.com',
  AUTH_AUDIENCE: 'oss-direct',
  AUTH_SECRET: randomBytes(32).toString('hex'),
}
const REQUEST = { rule: 'documents', operation: 'put', filename: 'a.pdf', contentLength: 5 }

/** Tests examples in `examples/tokens`, each a command that prints a token for the user that comes last. */
export function describeTokens(commands: Readonly<Record<string, readonly string[]>>): void {
  const cloud = share(() => {
    const folder = mkdtempSync(join(tmpdir(), 'oss-direct-test-'))
    const file = join(folder, 'tokens.env')
    const lines = Object.entries(ISSUER).map(([name, value]) => `${name}=${value}`)
    writeFileSync(file, lines.join('\n'))
    const { settings } = readSettings({}, file)
    rmSync(folder, { recursive: true })
    return startLocalCloud({ port: 0, settings, log: () => undefined })
  })

  const request = (bearer: string) =>
    ask<UrlAnswer>(
      cloud().info,
      '/signed-url',
      { ...REQUEST, contentType: 'application/pdf' },
      bearer,
    )

  it.each(Object.entries(commands))(
    '%s mints what the functions accept',
    async (_name, command) => {
      const { status, stdout, stderr } = await runExample([...command, 'alice'], { env: ISSUER })
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      expect(await request(stdout.trim())).toMatchObject({
        status: 200,
        body: { key: 'documents/alice/a.pdf' },
      })
      const [header, payload = ''] = stdout.trim().split('.')
      expect(JSON.parse(Buffer.from(header ?? '', 'base64url').toString())).toEqual({
        ...{ alg: 'HS256', typ: 'JWT' },
      })
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
      expect(claims).toMatchObject({
        exp: claims.iat + 900,
        jti: expect.stringMatching(/^.{16,}$/),
      })
    },
  )

  it.each(Object.entries(commands))(
    '%s lets no name of a user add claims',
    async (_name, command) => {
      const hostile = 'mallory","sub":"alice'
      const { status, stdout } = await runExample([...command, hostile], { env: ISSUER })
      const [, payload = ''] = stdout.split('.')
      const claims = Buffer.from(payload, 'base64url').toString()
      // Or the example refuses such a name.
      if (status === 0) expect(JSON.parse(claims).sub).toBe(hostile)
      else expect(stdout).toBe('')
    },
  )

  it.each(Object.entries(commands))(
    '%s mints nothing that counts with another secret',
    async (_name, command) => {
      const env = { ...ISSUER, AUTH_SECRET: randomBytes(32).toString('hex') }
      const { stdout } = await runExample([...command, 'alice'], { env })
      expect(await request(stdout.trim())).toMatchObject({ status: 401 })
    },
  )
}
