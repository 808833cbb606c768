import { execFileSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

const ADVICE = `No Chromium found. Install the package chromium (Debian, Ubuntu: apt-get install chromium;
macOS: brew install --cask chromium), or set CHROMIUM to the path of one.`

/**
 * Returns the path of the browser for the tests: `$CHROMIUM`, or one in a usual location;
 * `undefined` if there is none. Throws if `$CHROMIUM` is not executable.
 */
export function findChromium(): string | undefined {
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
  console.log('Chromium not found: installing the Debian package chromium')
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  execFileSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env })
  execFileSync('apt-get', ['install', '-y', '-qq', 'chromium'], { stdio: 'inherit', env })
}

function main(): void {
  const isDebianRoot = process.getuid?.() === 0 && isExecutable('/usr/bin/apt-get')
  if (!findChromium() && isDebianRoot) installChromium()
  const found = findChromium()
  console.log(found ? `Browser for the tests: ${found}` : ADVICE)
  if (!found) process.exitCode = 1
}

if (require.main === module) main()
