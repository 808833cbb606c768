import { execFileSync, spawnSync } from 'node:child_process'

/** A program that the examples need: a command that ends well where it is there, and its Debian package. */
type Tool = { command: readonly string[]; package: string }

const JUNIT = '/usr/share/java/junit-platform-console-standalone.jar'

const TOOLS: readonly Tool[] = [
  { command: ['curl', '--version'], package: 'curl' },
  { command: ['jq', '--version'], package: 'jq' },
  { command: ['python3', '--version'], package: 'python3' },
  { command: ['python3', '-m', 'pytest', '--version'], package: 'python3-pytest' },
  { command: ['python3', '-c', 'import requests'], package: 'python3-requests' },
  { command: ['php', '--version'], package: 'php-cli' },
  { command: ['phpunit', '--version'], package: 'phpunit' },
  { command: ['javac', '--version'], package: 'default-jdk-headless' },
  { command: ['java', '-jar', junitJar(), '--help'], package: 'junit5' },
  { command: ['go', 'version'], package: 'golang-go' },
]

/** Returns the path of JUnit's console launcher: `$JUNIT_JAR`, or that of the Debian package. */
export function junitJar(): string {
  return process.env.JUNIT_JAR || JUNIT
}

function isMissing({ command: [program = '', ...args] }: Pick<Tool, 'command'>): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status !== 0
}

function install(packages: readonly string[]): void {
  console.log(`Installing the Debian packages ${packages.join(', ')}`)
  const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  const quiet = ['-y', '-qq', '--no-install-recommends']
  execFileSync('apt-get', ['update', '-qq'], options as object)
  execFileSync('apt-get', ['install', ...quiet, ...packages], options as object)
}

function main(): void {
  const missing = TOOLS.filter(isMissing)
  const isDebianRoot = process.getuid?.() === 0 && !isMissing({ command: ['apt-get', '--version'] })
  if (missing.length > 0 && isDebianRoot) install(missing.map((tool) => tool.package))
  const left = missing.filter(isMissing).map((tool) => tool.package)
  if (left.length === 0) return
  console.error(
    `The tests of the examples need what the Debian packages ${left.join(', ')} have; JUnit's console launcher may be named by JUNIT_JAR.`,
  )
  process.exitCode = 1
}

if (require.main === module) main()
