import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { parseCallback } from '../../shared/callback/body'
import { CODES, REASONS, type Reason, Refusal } from '../../shared/errors'
import { problem } from '../../shared/http/answer'
import {
  parseFormRequest,
  parseSignedUrlBody,
  parseSignedUrlRequest,
  parseStsRequest,
} from '../../shared/policy/parse-request'
import { published } from '../../tools/openapi'
import { nameExample, readExamples } from '../../tools/openapi/examples'
import { RUNS } from '../support/runs'
import {
  answerExamples,
  CONTRACT,
  fits,
  type Published,
  requestExamples,
  requestSchema,
} from './support/contract'
import { MEMBER_VALUES, mutantsOf } from './support/mutants'
import { resolve } from './support/validator'

const TEXT = readFileSync('docs/openapi.json', 'utf8')
const DOCUMENTED = readExamples(readFileSync('docs/http-api.md', 'utf8'))
const REQUESTS = requestExamples()
const ANSWERS = answerExamples()

const names = (schemas: readonly object[]) =>
  schemas.flatMap((schema) => Object.keys('properties' in schema ? Object(schema.properties) : {}))
const SCHEMAS = Object.entries(CONTRACT.components.schemas)
/** The members of all requests, and some of none. */
const MEMBERS = new Set([
  ...names(
    SCHEMAS.filter(([name]) => /CallerRequest|Callback/.test(name)).map(([, schema]) => schema),
  ),
  'constructor',
  'unheardOf',
])

/** What our parsers check by a function: JSON Schema has it in words alone. */
const UNSAID = ['must be a media type such as image/png']

/** Whether a parser takes it, but for what JSON Schema can't say. */
function takes(parse: (body: unknown) => unknown, body: unknown): boolean {
  try {
    parse(body)
    return true
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const messages = error.issues.map(({ message }) => message)
    return messages.length > 0 && messages.every((message) => UNSAID.includes(message))
  }
}

const PARSERS: Record<string, (body: unknown) => boolean> = {
  '/sts': (body) => takes(parseStsRequest, body),
  '/post-policy': (body) => takes(parseFormRequest, body),
  '/upload-callback': (body) =>
    takes((json) => parseCallback(Buffer.from(JSON.stringify(json))), body),
  '/signed-url': (body) => {
    if (!takes(parseSignedUrlBody, body)) return false
    const requests = Object(body).requests as unknown[] | undefined
    return (requests ?? []).every((request) => takes(parseSignedUrlRequest, request))
  },
}

const titles = (examples: readonly Published[]) =>
  examples.map((each) => [`${each.path} ${each.name}`, each] as const)

describe('docs/openapi.json', () => {
  it('is what the generator makes', () => {
    expect(JSON.parse(TEXT)).toEqual(JSON.parse(JSON.stringify(published().document)))
  })

  it('has every route of the manifest, and no other', () => {
    const manifest = readFileSync('s.yaml', 'utf8')
    const routes = Array.from(manifest.matchAll(/route:\s+path: (\S+)/g), ([, path]) => path)
    expect(Object.keys(CONTRACT.paths).sort()).toEqual(routes.sort())
  })

  it('has every code with its status, and the answers of a POST have all that one can meet', () => {
    const codes = Object.entries(CODES).map(([code, { status }]) => `${status} ${code}`)
    const { oneOf } = CONTRACT.components.schemas.Problem as { oneOf: Fixed[] }
    expect(
      oneOf.map(({ properties: { status, code } }) => `${status.const} ${code.const}`),
    ).toEqual(codes)
    const ofPost = codes.filter((each) => each !== '405 method_not_allowed')
    expect(answeredCodes().sort()).toEqual(ofPost.sort())
  })

  it('refers to nothing that is not there', () => {
    const references = Array.from(TEXT.matchAll(/"#\/[^"]+"/g), ([text]) => JSON.parse(text))
    expect(references.length).toBeGreaterThan(20)
    for (const reference of references) resolve(reference, CONTRACT)
  })

  it('says in words what JSON Schema can’t', () => {
    for (const words of UNSAID) expect(TEXT).toContain(`${words.slice(1)}.`)
  })
})

type Fixed = { properties: { status: { const: number }; code: { const: string } } }
type Narrowed = { allOf: [unknown, { properties: { code: { enum: string[] } } }] }

function answeredCodes(): string[] {
  const found = Object.values(CONTRACT.paths).flatMap(({ post }) =>
    Object.entries(post.responses).flatMap(([status, { content }]) => {
      const media = content['application/problem+json']
      const codes = media && (media.schema as Narrowed).allOf[1].properties.code.enum
      return (codes ?? []).map((code) => `${status} ${code}`)
    }),
  )
  return [...new Set(found)]
}

describe('the examples of docs/http-api.md', () => {
  it.each(DOCUMENTED.map((example) => [`${example.method} ${example.body}`, example]))(
    'are in the document: %s',
    (_, example) => {
      const { path, name, status, request, answer } = nameExample(example)
      const isSame = (each: Published) => each.path === path && each.name === name
      const found = ANSWERS.filter((each) => isSame(each) && each.status === status)
      expect(found.map(({ value }) => value)).toEqual([answer])
      if (request !== undefined) expect(REQUESTS.find(isSame)?.value).toEqual(request)
    },
  )

  it.each(DOCUMENTED.filter(({ method }) => method === 'POST'))(
    'are judged as by our parser: $body',
    (example) => {
      const { path } = nameExample(example)
      const request = JSON.parse(example.body)
      expect(fits(request, requestSchema(path))).toBe(PARSERS[path]?.(request))
    },
  )
})

describe('a request of the document', () => {
  it.each(titles(REQUESTS))(
    'is valid, and changed only where our parser says so: %s',
    (_, each) => {
      const { path, schema, value } = each
      expect([fits(value, schema), PARSERS[path]?.(value)]).toEqual([true, true])
      const mutants = [...mutantsOf(value)]
      const judged = mutants.map(({ change, name, value }) => [change, name, fits(value, schema)])
      expect(judged).toEqual(
        mutants.map(({ change, name, value }) => [change, name, PARSERS[path]?.(value)]),
      )
      expect(new Set(judged.filter(([, , isFit]) => !isFit).map(([change]) => change)).size).toBe(
        path === '/upload-callback' ? 2 : 3,
      )
    },
  )

  it.each(titles(REQUESTS))('is judged as by our parser with each member set: %s', (_, each) => {
    const { path, schema, value } = each
    const differences = [...MEMBERS].flatMap((name) =>
      MEMBER_VALUES.filter((member) => {
        const body = JSON.parse(JSON.stringify({ ...value, [name]: member }))
        return fits(body, schema) !== PARSERS[path]?.(body)
      }).map((member) => [name, member]),
    )
    expect(differences).toEqual([])
  })

  it.each(titles(REQUESTS))('is judged as by our parser with any members set: %s', (_, each) => {
    const { path, schema, value } = each
    const change = fc.dictionary(fc.constantFrom(...MEMBERS), fc.jsonValue({ maxDepth: 2 }))
    fc.assert(
      fc.property(change, (members) => {
        const body = JSON.parse(JSON.stringify({ ...value, ...members }))
        expect(fits(body, schema)).toBe(PARSERS[path]?.(body))
      }),
      { numRuns: RUNS / 5 },
    )
  })

  it.each([null, [], 'text', 5, {}, { requests: [] }, { requests: {} }, [{ requests: [5] }]])(
    'is not %j',
    (body) => {
      for (const path of Object.keys(CONTRACT.paths)) {
        expect([path, fits(body, requestSchema(path)), PARSERS[path]?.(body)]).toEqual([
          path,
          false,
          false,
        ])
      }
    },
  )
})

describe('an answer of the document', () => {
  const maps = ['headers', 'fields']
  const optional = ['callback', 'errors', 'upload', 'download', 'minBytes', 'as']
  // A form always says how large a file may be, a rule where it limits sizes; parts can always be listed.
  const isOptional = (name: string, object: object) =>
    (optional.includes(name) && !(name === 'callback' && 'dir' in object)) ||
    (name === 'maxBytes' && 'mechanisms' in object) ||
    (name === 'headers' &&
      ['credentials', 'stsToken', 'callback'].some((mark) => mark in object)) ||
    (['endpoint', 'sldEnable'].includes(name) && 'stsToken' in object) ||
    (['key', 'security_token', 'x-oss-security-token'].includes(name) && 'dir' in object) ||
    (['list', 'remove'].includes(name) && 'name' in object)

  it.each(titles(ANSWERS))('is valid, and nothing but that: %s', (_, { schema, value }) => {
    expect(fits(value, schema)).toBe(true)
    for (const mutant of mutantsOf(value)) {
      const { change, name, object } = mutant
      const isOpen = 'code' in object || object.status === 'ok'
      const isMap = maps.some((map) => isMemberOf(value, map, object))
      const isFree =
        (change === 'added' && (isOpen || isMemberOf(value, 'metadata', object))) ||
        (change === 'removed' && (isMap || isOptional(name, object)))
      expect([change, name, fits(mutant.value, schema)]).toEqual([change, name, isFree])
    }
  })

  it.each(Object.keys(REASONS) as Reason[])('is the problem document of %s', (reason) => {
    const facts = {
      rule: 'r',
      mechanisms: ['url'],
      contentTypes: ['a/b'],
      maxBytes: 5,
      allow: 'POST',
    }
    const issues = [{ path: 'a', message: 'is missing' }]
    const { body, status } = problem(new Refusal(reason, facts, { issues }), 'id-1')
    const document = JSON.parse(body)
    const schema = CONTRACT.components.schemas.Problem
    expect(fits(document, schema)).toBe(true)
    expect(fits({ ...document, status: status + 1 }, schema)).toBe(false)
  })
})

function isMemberOf(value: unknown, name: string, object: object): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(
    ([key, member]) => (key === name && member === object) || isMemberOf(member, name, object),
  )
}
