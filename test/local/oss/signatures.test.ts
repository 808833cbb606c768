import { allow, NOW, ROOT, send, session, startCloud, textOf } from './support/cloud'
import { EXPIRES, flip, GET, outcome, SCHEMES, shareObject } from './support/schemes'
import { headerV1, headerV4, urlV1, urlV4 } from './support/sign'

const cloud = shareObject()

describe.each(SCHEMES)('%s', (name, sign) => {
  it('opens the object', async () => {
    expect((await send(cloud(), sign(GET, ROOT))).text).toBe('hello')
  })

  it('opens it with a token', async () => {
    const signer = session(cloud(), allow(['oss:GetObject'], ['*']))
    expect((await send(cloud(), sign(GET, signer))).text).toBe('hello')
  })

  it.each(['PUT', 'DELETE', 'HEAD'])('is bound to its verb, not %s', async (method) => {
    const reply = await send(cloud(), { ...sign(GET, ROOT), method })
    expect([reply.status, reply.code]).toEqual([403, 'SignatureDoesNotMatch'])
  })

  it('is bound to its key, its secret and every character of itself', async () => {
    const signed = sign(GET, ROOT)
    const other = await send(cloud(), { ...signed, path: signed.path.replace('a/b', 'a/c') })
    expect(other.code).toBe('SignatureDoesNotMatch')
    const wrong = await send(cloud(), sign(GET, { ...ROOT, secret: 'local-root-secreT' }))
    expect(wrong.code).toBe('SignatureDoesNotMatch')
    expect((await send(cloud(), flip(signed))).code).toBe('SignatureDoesNotMatch')
  })

  it('is bound to its content type, Content-MD5 and x-oss- headers', async () => {
    for (const header of [
      'content-type',
      'content-md5',
      'x-oss-meta-a',
      'x-oss-forbid-overwrite',
    ]) {
      const signed = sign(GET, ROOT)
      const added = { ...signed, headers: { ...signed.headers, [header]: 'x' } }
      expect((await send(cloud(), added)).code).toBe('SignatureDoesNotMatch')
    }
    const signed = sign({ ...GET, headers: { 'x-oss-meta-a': 'b', 'content-type': 'c/d' } }, ROOT)
    expect((await send(cloud(), signed)).status).toBe(200)
    const plain = sign(GET, ROOT)
    const free = { range: 'bytes=0-1', 'user-agent': 'x', 'cache-control': 'no-cache' }
    expect((await send(cloud(), { ...plain, headers: { ...plain.headers, ...free } })).text).toBe(
      'he',
    )
  })

  it('says what it compared', async () => {
    const flipped = flip(sign(GET, ROOT))
    const reply = await send(cloud(), flipped)
    expect(textOf(reply.text, 'OSSAccessKeyId')).toBe(ROOT.id)
    const provided = textOf(reply.text, 'SignatureProvided') ?? ''
    expect(provided.length).toBeGreaterThan(27)
    expect(decodeURIComponent(`${flipped.path} ${flipped.headers.authorization}`)).toContain(
      provided,
    )
    const text = (textOf(reply.text, 'StringToSign') ?? '').replaceAll('&amp;', '&')
    expect(textOf(reply.text, 'StringToSignBytes')).toBe(
      Buffer.from(text).toString('hex').toUpperCase().replace(/../g, '$& '),
    )
    expect(reply.text.includes('<CanonicalRequest>GET\n/demo-bkt/a/b\n')).toBe(
      name.startsWith('V4'),
    )
    expect(reply.ec).toBe(name.startsWith('V4') ? '0002-00000201' : '0002-00000040')
  })

  it('refuses an unknown key', async () => {
    const reply = await send(cloud(), sign(GET, { ...ROOT, id: 'nobody' }))
    expect(outcome(reply)).toEqual([403, 'InvalidAccessKeyId', '0002-00000902'])
  })

  it('refuses a key that was disabled', async () => {
    const [key] = cloud().account.keys
    if (!key) throw new Error('no key')
    key.inactive = true
    const reply = await send(cloud(), sign(GET, ROOT))
    key.inactive = false
    expect(outcome(reply)).toEqual([403, 'InvalidAccessKeyId', '0002-00000903'])
  })

  it('refuses a session key without its token', async () => {
    const { token: _, ...signer } = session(cloud(), allow(['oss:*'], ['*']))
    expect(outcome(await send(cloud(), sign(GET, signer)))).toEqual([
      403,
      'InvalidAccessKeyId',
      '0002-00000003',
    ])
  })

  it('refuses the token of another session, a broken one and one where none belongs', async () => {
    const one = session(cloud(), allow(['oss:*'], ['*']))
    const two = session(cloud(), allow(['oss:*'], ['*']))
    const swapped = await send(cloud(), sign(GET, { ...one, token: two.token ?? '' }))
    expect(outcome(swapped)).toEqual([403, 'AccessKeyIdAndSecurityTokenNotMatch', '0002-00000004'])
    const broken = await send(
      cloud(),
      sign(GET, { ...one, token: `${one.token?.slice(0, -8)}AAAAAAA=` }),
    )
    expect(outcome(broken)).toEqual([403, 'InvalidSecurityToken', '0002-00000006'])
    const misplaced = await send(cloud(), sign(GET, { ...ROOT, token: one.token ?? '' }))
    expect(outcome(misplaced)).toEqual([403, 'InvalidAccessKeyId', '0002-00000002'])
  })

  it('dies with its token', async () => {
    const signer = session(cloud(), allow(['oss:*'], ['*']), undefined, 300)
    const signed = sign(GET, signer)
    cloud().clock.now = NOW + 299_999
    expect((await send(cloud(), signed)).status).toBe(200)
    cloud().clock.now = NOW + 300_000
    expect(outcome(await send(cloud(), signed))).toEqual([
      403,
      'SecurityTokenExpired',
      '0002-00000007',
    ])
  })

  it('hides the error of a HEAD in x-oss-err', async () => {
    const reply = await send(cloud(), flip(sign({ ...GET, method: 'HEAD' }, ROOT)))
    expect([reply.status, reply.code]).toEqual([403, 'SignatureDoesNotMatch'])
    expect(reply.headers['x-oss-ec']).toBe(reply.ec)
  })
})

describe('the clock', () => {
  it.each([
    ['V4', (now: number) => headerV4(GET, ROOT, now)],
    ['V1', (now: number) => headerV1(GET, ROOT, now)],
  ])('may differ by 15 minutes with %s in the header', async (_, sign) => {
    for (const offset of [-900_000, 900_000]) {
      expect((await send(cloud(), sign(NOW + offset))).status).toBe(200)
    }
    for (const offset of [-901_000, 901_000]) {
      expect(outcome(await send(cloud(), sign(NOW + offset)))).toEqual([
        403,
        'RequestTimeTooSkewed',
        '0002-00000504',
      ])
    }
  })

  it('ends a V4 URL after its seconds and begins it 15 minutes early', async () => {
    const signed = urlV4(GET, ROOT, { now: NOW, expires: 60 })
    cloud().clock.now = NOW + 60_000
    expect((await send(cloud(), signed)).status).toBe(200)
    cloud().clock.now += 1
    const late = await send(cloud(), signed)
    expect([...outcome(late), late.message]).toEqual([
      403,
      'AccessDenied',
      '0002-00000236',
      'Request has expired.',
    ])
    expect(textOf(late.text, 'Expires')).toBe(new Date(NOW + 60_000).toISOString())
    cloud().clock.now = NOW - 900_000
    expect((await send(cloud(), signed)).status).toBe(200)
    cloud().clock.now -= 1
    expect(outcome(await send(cloud(), signed))).toEqual([403, 'AccessDenied', '0002-00000235'])
  })

  it('ends a V1 URL, before anybody looks at its signature', async () => {
    const signed = urlV1(GET, ROOT, NOW / 1000)
    expect((await send(cloud(), signed)).status).toBe(200)
    cloud().clock.now = NOW + 1000
    const reply = await send(cloud(), flip(signed))
    expect([...outcome(reply), reply.message]).toEqual([
      403,
      'AccessDenied',
      '0002-00000069',
      'Request has expired.',
    ])
    expect(textOf(reply.text, 'ServerTime')).toBe(new Date(NOW + 1000).toISOString())
  })

  it.each([
    ['604800', 200, undefined],
    ['604801', 400, '0002-00000232'],
    ['0', 400, '0002-00000232'],
    ['-1', 400, '0002-00000232'],
    ['NaN', 400, '0002-00000232'],
    ['1e3', 400, '0002-00000232'],
  ])('lets a V4 URL last %s seconds by %d', async (expires, status, ec) => {
    const signed = urlV4({ ...GET }, ROOT, { now: NOW, expires: expires as unknown as number })
    const reply = await send(cloud(), signed)
    const code = status === 400 ? 'InvalidArgument' : undefined
    expect(outcome(reply)).toEqual([status, code, ec])
  })
})

it('refuses a signature in the header and one in the URL at once', async () => {
  const { path } = urlV4(GET, ROOT, { now: NOW })
  const { headers } = headerV4(GET, ROOT, NOW)
  const reply = await send(cloud(), { method: 'GET', path, headers })
  expect(outcome(reply)).toEqual([400, 'InvalidArgument', '0002-00000039'])
})

it('refuses a token in the header and one in the URL at once', async () => {
  const signer = session(cloud(), allow(['oss:*'], ['*']))
  for (const name of ['security-token', 'x-oss-security-token']) {
    const draft = { ...GET, query: { [name]: signer.token ?? '' } }
    for (const signed of [headerV1(draft, signer, NOW), headerV4(draft, signer, NOW)]) {
      expect(outcome(await send(cloud(), signed))).toEqual([400, 'InvalidRequest', '0002-00000010'])
    }
  }
})

it('refuses V1 altogether when told so', async () => {
  const strict = await startCloud({ v1Refused: true })
  for (const signed of [headerV1(GET, ROOT, NOW), urlV1(GET, ROOT, EXPIRES)]) {
    expect(outcome(await send(strict, signed))).toEqual([403, 'AccessDenied', '0002-00000080'])
  }
  expect((await send(strict, headerV4(GET, ROOT, NOW))).status).toBe(404)
  await strict.close()
})

it('keeps a signed URL out of the log that became part of a key', async () => {
  const signer = session(cloud(), allow(['oss:*'], ['*']))
  const { path } = urlV4(GET, signer, { now: NOW })
  const [, signature = '-'] = /x-oss-signature=([0-9a-f]+)/.exec(path) ?? []
  for (const odd of [
    path.replace('?', '%3F'),
    encodeURI(path).replace(/[?&=]/g, encodeURIComponent),
  ]) {
    await send(cloud(), { method: 'GET', path: odd, headers: {} })
  }
  const logged = JSON.stringify(cloud().requests().slice(-2))
  expect(logged).toContain('x-oss-signature')
  expect(logged).not.toContain(signature)
  expect(logged).not.toContain(encodeURIComponent(signer.token ?? '').slice(0, 40))
})

it('keeps secrets and signatures out of the log', async () => {
  cloud().log.length = 0
  const signer = session(cloud(), allow(['oss:*'], ['*']))
  for (const [, sign] of SCHEMES) {
    await send(cloud(), sign(GET, signer))
    await send(cloud(), flip(sign(GET, signer)))
  }
  const logged = JSON.stringify([cloud().log, cloud().requests()])
  for (const secret of [signer.secret, signer.token ?? '', ROOT.secret]) {
    expect(logged).not.toContain(secret)
    expect(logged).not.toContain(encodeURIComponent(secret))
  }
  expect(logged).not.toMatch(/ignature=[A-Za-z0-9%]{8}/)
})
