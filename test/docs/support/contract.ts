import { readFileSync } from 'node:fs'
import { isValid } from './validator'

type Named = Readonly<Record<string, unknown>>
type Media = { schema: Named; examples?: Record<string, { value: Named }> }
type Content = { content: Record<string, Media> }
type Operation = { requestBody: Content; responses: Record<string, Content> }

/** The published OpenAPI document, as far as the tests read it. */
export type Contract = {
  info: Named
  paths: Record<string, { post: Operation }>
  components: { schemas: { Problem: Named } & Record<string, Named> }
}

/** One example of the document, with what it is to be valid under. */
export type Published = { name: string; path: string; status?: number; schema: Named; value: Named }

/** The document as it is committed. */
export const CONTRACT: Contract = JSON.parse(readFileSync('docs/openapi.json', 'utf8'))

/** Whether a value is what one of the document's schemas says. */
export function fits(value: unknown, schema: Named): boolean {
  return isValid(value, schema, CONTRACT)
}

/** Whether an answer is what the document says of this route and status. */
export function isAnswer(value: unknown, path: string, status: number): boolean {
  const response = CONTRACT.paths[path]?.post.responses[status]
  const [media] = Object.values(response?.content ?? {})
  return media !== undefined && fits(value, media.schema)
}

/** What the document says of the requests of a route. */
export function requestSchema(path: string): Named {
  const media = CONTRACT.paths[path]?.post.requestBody.content['application/json']
  if (media === undefined) throw new Error(`The document has no requests for ${path}`)
  return media.schema
}

/** The examples of requests in the document. */
export function requestExamples(): Published[] {
  return Object.entries(CONTRACT.paths).flatMap(([path, { post }]) =>
    examplesOf(post.requestBody, { path }),
  )
}

/** The examples of answers in the document. */
export function answerExamples(): Published[] {
  return Object.entries(CONTRACT.paths).flatMap(([path, { post }]) =>
    Object.entries(post.responses).flatMap(([status, response]) =>
      examplesOf(response, { path, status: Number(status) }),
    ),
  )
}

function examplesOf({ content }: Content, of: { path: string; status?: number }): Published[] {
  return Object.values(content).flatMap(({ schema, examples = {} }) =>
    Object.entries(examples).map(([name, { value }]) => ({ ...of, name, schema, value })),
  )
}
