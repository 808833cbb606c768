/** A function of `s.yaml` as the component sends it to Function Compute. */
export type FunctionProps = Readonly<Record<string, unknown>>

const NAME = /^[A-Za-z_][\w-]{0,127}$/
const RUNTIMES = ['nodejs20', 'nodejs18', 'custom.debian12']
const MAX_CONCURRENCY = 200
const MAX_DESCRIPTION = 256
const MAX_SECONDS = 86_400
const MIB_PER_GIB = 1024

/** Returns what Function Compute would refuse of a function, or take from others of the account, beside the component's schema. */
export function findRefusals(props: FunctionProps): string[] {
  const { functionName, description = '', runtime, instanceConcurrency = 1 } = props
  const memory = Number(props.memorySize)
  const cpu = Number(props.cpu)
  const ratio = memory / MIB_PER_GIB / cpu
  const { timeout, diskSize = 512, environmentVariables = {} } = props
  const isCustom = String(runtime).startsWith('custom')
  const concurrency = Number(instanceConcurrency)
  const keys = Object.keys(environmentVariables as object)
  const checks: [boolean, string][] = [
    [
      NAME.test(String(functionName)),
      'its functionName must be 1 to 128 letters, digits, _ and -, and begin with no digit',
    ],
    [
      String(description).length <= MAX_DESCRIPTION,
      'its description is longer than 256 characters',
    ],
    [RUNTIMES.includes(String(runtime)), `its runtime must be ${RUNTIMES.join(' or ')}`],
    [
      concurrency === 1 || (isCustom && concurrency > 1 && concurrency <= MAX_CONCURRENCY),
      'instanceConcurrency must be 1, or up to 200 in a custom runtime',
    ],
    [
      memory >= 128 && memory <= 32_768 && memory % 64 === 0,
      'memorySize must be 128 to 32768, a multiple of 64',
    ],
    [
      cpu >= 0.05 && cpu <= 16 && Number.isInteger(Math.round(cpu * 1e6) / 5e4),
      'cpu must be 0.05 to 16, a multiple of 0.05',
    ],
    [ratio >= 1 && ratio <= 4, 'memory in GB must be 1 to 4 times cpu'],
    [diskSize === 512 || diskSize === 10_240, 'diskSize must be 512 or 10240'],
    [
      Number.isInteger(timeout) && Number(timeout) >= 1 && Number(timeout) <= MAX_SECONDS,
      'timeout must be 1 to 86400 seconds',
    ],
    [keys.every((key) => /^[A-Za-z]\w*$/.test(key)), 'names of variables must begin with a letter'],
    [
      !('concurrencyConfig' in props) && !('reservedConcurrency' in props),
      'reservedConcurrency takes instances from the other functions of the account',
    ],
  ]
  return checks.filter(([holds]) => !holds).map(([, issue]) => issue)
}
