import { StsError } from '../errors'
import { parameter, type StsRequest } from '../request'
import type { Fields } from '../response-body'
import type { ActionContext, ReadApi } from '../server'

/** A function as it was deployed, with the names of Function Compute's API. */
export type DeployedFunction = {
  functionName: string
  runtime: string
  handler: string
  memorySize: number
  cpu: number
  timeout: number
  role: string
  environmentVariables: Readonly<Record<string, string>>
  triggers: readonly DeployedTrigger[]
  reservedConcurrency?: number
}

/** A trigger as it was deployed. */
export type DeployedTrigger = {
  triggerName: string
  triggerType: string
  sourceArn?: string
  triggerConfig: object
}

type FcContext = { functions: () => readonly DeployedFunction[]; region: string }

const MAX_PAGE = 100
const DEFAULT_PAGE = 20

/** Creates what Function Compute says of its functions (2023-03-30); nothing can be changed by it. */
export function createFcApi({ functions, region }: FcContext): ReadApi {
  const arnOf = (name: string, { account }: ActionContext) =>
    `acs:fc:${region}:${account.id}:functions/${name}`
  const find = (action: string, name: string, context: ActionContext) => {
    context.require(`fc:${action}`, arnOf(name, context))
    const found = functions().find(({ functionName }) => functionName === name)
    if (!found) throw new StsError('FunctionNotFound', `function '${name}' does not exist`)
    return found
  }
  return {
    service: 'Function Compute',
    version: '2023-03-30',
    actions: {
      GetFunction: (request, context) => {
        const name = nameIn(request, /^\/2023-03-30\/functions\/([^/]+)$/)
        return describe(find('GetFunction', name, context), arnOf(name, context))
      },
      ListFunctions: (request, context) => {
        nameIn(request, /^(\/2023-03-30\/functions)$/)
        context.require('fc:ListFunctions', arnOf('*', context))
        const all = functions().map((each) => describe(each, arnOf(each.functionName, context)))
        return toPage('functions', all, request)
      },
      ListTriggers: (request, context) => {
        const name = nameIn(request, /^\/2023-03-30\/functions\/([^/]+)\/triggers$/)
        const { triggers } = find('ListTriggers', name, context)
        const all = triggers.map(({ triggerConfig, ...trigger }) => ({
          ...trigger,
          triggerConfig: JSON.stringify(triggerConfig),
        }))
        return toPage('triggers', all, request)
      },
      ListConcurrencyConfigs: (request, context) => {
        nameIn(request, /^(\/2023-03-30\/concurrency-configs)$/)
        context.require('fc:ListConcurrencyConfigs', '*')
        const all = functions().flatMap(({ functionName, reservedConcurrency }) =>
          reservedConcurrency === undefined
            ? []
            : [{ functionArn: arnOf(functionName, context), reservedConcurrency }],
        )
        return toPage('configs', all, request)
      },
    },
  }
}

function describe(
  { triggers: _, reservedConcurrency: _reserved, ...fields }: DeployedFunction,
  functionArn: string,
) {
  return { ...fields, functionArn }
}

function nameIn({ path, method }: StsRequest, form: RegExp): string {
  const [, name] = form.exec(path) ?? []
  if (name === undefined || method !== 'GET') throw new StsError('InvalidAction.NotFound')
  return decodeURIComponent(name)
}

function toPage(name: string, all: readonly Fields[], request: StsRequest): Fields {
  const limit = Math.min(Number(parameter(request, 'limit') ?? DEFAULT_PAGE), MAX_PAGE)
  const start = Number(parameter(request, 'nextToken') ?? 0)
  const end = start + limit
  return { [name]: all.slice(start, end), ...(end < all.length && { nextToken: String(end) }) }
}
