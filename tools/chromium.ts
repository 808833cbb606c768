import { execFileSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'

// The shell is Chromium without windows: the same engine, at half the CPU time.
const PLACES = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

const PACKAGE = 'chromium-headless-shell'

const ADVICE = `No Chromium found. Install one (Debian: apt-get install ${PACKAGE}; Ubuntu: apt-get install chromium;
macOS: brew install --cask chromium), or set CHROMIUM to the path of one.`

/** Returns the path of the browser: `$CHROMIUM`, or one in a usual location; throws if there is none. */
export function chromiumPath(): string {
  const found = findChromium()
  if (!found) throw new Error(ADVICE)
  return found
}

function findChromium(): string | undefined {
  const named = process.env.CHROMIUM
  if (named && !isExecutable(named)) throw new Error(`CHROMIUM=${named} is not an executable file`)
  return named || PLACES.find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    // Absent or not executable: the next location is tried.
    return false
  }
}

function installChromium(): void {
  console.log(`Chromium not found: installing the Debian package ${PACKAGE}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  try {
    execFileSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env })
    execFileSync('apt-get', ['install', '-y', '-qq', PACKAGE], { stdio: 'inherit', env })
  } catch (cause) {
    // apt-get has said what failed.
    throw new Error(ADVICE, { cause })
  }
}

function main(): void {
  const isDebianRoot = process.getuid?.() === 0 && isExecutable('/usr/bin/apt-get')
  if (!findChromium() && isDebianRoot) installChromium()
  console.log(`Browser for the tests: ${chromiumPath()}`)
}

if (require.main === module) {
  try {
    main()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
