import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Answers as RAM and OSS do for what was created before, each thing a file in state/, and writes down each operation.
const PROGRAM = `#!/bin/bash
here=\${0%/*}
if [ "$1" = ram ]; then operation=$2; else operation=$3; fi
declare -A option
for ((at = 3; at <= $#; at++)); do
  word=\${!at}
  next=$((at + 1))
  [[ $word != --* ]] || option[\${word#--}]=\${!next}
done
printf '%s\\n' "$operation" >> "$here/calls"
fail() { echo "ErrorCode: $1" >&2; exit 1; }
save() { printf %s "$2" > "$here/state/$1"; }
print() { # file, code, JSON before the text
  [ -f "$here/state/$1" ] || fail "$2"
  text=$(< "$here/state/$1")
  printf '{\\n  %s "%s"\\n}\\n' "$3" "\${text//\\"/\\\\\\"}"
}
[ ! -f "$here/state/denied" ] || fail NoPermission
role="role \${option[RoleName]}"
policy="policy \${option[PolicyName]}"
bucket="\${operation#*-} \${option[bucket]}"
case $operation in
  GetRole) print "$role" EntityNotExist.Role '"AssumeRolePolicyDocument":' ;;
  CreateRole) save "$role" "\${option[AssumeRolePolicyDocument]}" ;;
  UpdateRole) save "$role" "\${option[NewAssumeRolePolicyDocument]}" ;;
  GetPolicy) print "$policy" EntityNotExist.Policy '"PolicyDocument":' ;;
  CreatePolicy | CreatePolicyVersion) save "$policy" "\${option[PolicyDocument]}" ;;
  ListPoliciesForRole) [ ! -f "$here/state/attached $role" ] || print "attached $role" '' '"PolicyName":' ;;
  AttachPolicyToRole) save "attached $role" "\${option[PolicyName]}" ;;
  get-bucket-cors) print "$bucket" NoSuchCORSConfiguration '"Text":' ;;
  put-bucket-cors) save "$bucket" "\${option[cors-configuration]}" ;;
  get-bucket-lifecycle) print "$bucket" NoSuchLifecycle '"Text":' ;;
  put-bucket-lifecycle) save "$bucket" "\${option[lifecycle-configuration]}" ;;
  put-bucket-acl) save "$bucket" "\${option[acl]}" ;;
  put-bucket-public-access-block) save "$bucket" "\${option[public-access-block-configuration]}" ;;
  *) fail InvalidAction ;;
esac
`

/** A folder with an `aliyun` that keeps what is created, and the operations that were called. */
export type StubAliyun = {
  folder: string
  /** Returns the operations since the last time. */
  operations: () => string[]
  state: () => Record<string, string>
  change: (change: Readonly<Record<string, string>>) => void
  remove: () => void
}

/** Makes an `aliyun` for the PATH of a script. */
export function stubAliyun(): StubAliyun {
  const folder = mkdtempSync(join(tmpdir(), 'oss-direct-test-'))
  const program = join(folder, 'aliyun')
  const calls = join(folder, 'calls')
  const state = join(folder, 'state')
  mkdirSync(state)
  writeFileSync(program, PROGRAM)
  chmodSync(program, 0o755)
  return {
    folder,
    operations: () => {
      const lines = existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : []
      rmSync(calls, { force: true })
      return lines
    },
    state: () =>
      Object.fromEntries(
        readdirSync(state).map((name) => [name, readFileSync(join(state, name), 'utf8')]),
      ),
    change: (change) => {
      for (const [name, text] of Object.entries(change)) writeFileSync(join(state, name), text)
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}
