import type { BucketDocument } from './buckets'
import type { RoleDocument } from './describe'

/** The roles and the buckets of a deployment. */
export type Deployment = {
  account: string
  region: string
  roles: Readonly<Record<string, RoleDocument>>
  buckets: Readonly<Record<string, BucketDocument>>
}

const START = `#!/usr/bin/env bash
# Made of the rules by oss-direct roles --aliyun. Creates what is missing and updates what differs: it can run again.
# Needs the Alibaba Cloud CLI (aliyun, with ossutil 2) and a user that may change RAM and the buckets.
set -euo pipefail

# Whether a command finds something; stops where it fails for another reason.
found() {
  local output
  if output=$("$@" 2>&1); then return 0; fi
  case $output in
    *EntityNotExist* | *NoSuchCORSConfiguration* | *NoSuchLifecycle*) return 1 ;;
  esac
  printf '%s\\n' "$output" >&2
  exit 1
}

# role NAME TRUST POLICY
role() {
  if found aliyun ram GetRole --RoleName "$1"; then
    aliyun ram UpdateRole --RoleName "$1" --NewAssumeRolePolicyDocument "$2" > /dev/null
  else
    aliyun ram CreateRole --RoleName "$1" --AssumeRolePolicyDocument "$2" > /dev/null
  fi
  if found aliyun ram GetPolicy --PolicyType Custom --PolicyName "$1"; then
    # A policy has at most five versions, so none is made of the same text.
    local text=\${3//\\"/\\\\\\"}
    case $(aliyun ram GetPolicy --PolicyType Custom --PolicyName "$1") in
      *"$text"*) ;;
      *)
        aliyun ram CreatePolicyVersion --PolicyName "$1" --PolicyDocument "$3" --SetAsDefault true \\
          --RotateStrategy DeleteOldestNonDefaultVersionWhenLimitExceeded > /dev/null
        ;;
    esac
  else
    aliyun ram CreatePolicy --PolicyName "$1" --PolicyDocument "$3" > /dev/null
  fi
  case $(aliyun ram ListPoliciesForRole --RoleName "$1") in
    *"\\"$1\\""*) ;;
    *) aliyun ram AttachPolicyToRole --PolicyType Custom --PolicyName "$1" --RoleName "$1" > /dev/null ;;
  esac
  echo "role $1"
}

# rules BUCKET cors|lifecycle CONFIGURATION: a bucket's own rules are replaced with REPLACE=1 alone.
rules() {
  if [ "\${REPLACE:-}" != 1 ] && found aliyun ossutil api "get-bucket-$2" --bucket "$1" --region "$region"; then
    echo "bucket $1: has $2 rules, which stay as they are (REPLACE=1 replaces them)"
  else
    aliyun ossutil api "put-bucket-$2" --bucket "$1" --region "$region" "--$2-configuration" "$3"
    echo "bucket $1: $2"
  fi
}

# private BUCKET BLOCK
private() {
  aliyun ossutil api put-bucket-acl --bucket "$1" --region "$region" --acl private
  aliyun ossutil api put-bucket-public-access-block --bucket "$1" --region "$region" \\
    --public-access-block-configuration "$2"
  echo "bucket $1: private"
}
`

/** Returns a script of `aliyun` commands that creates or updates a deployment's roles and bucket settings. */
export function toScript({ account, region, roles, buckets }: Deployment): string {
  const lines = [
    START,
    `region=${quote(region)}`,
    '',
    ...Object.entries(roles).map(([name, { trust, policy }]) =>
      call('role', name, JSON.stringify(trust), JSON.stringify(policy)),
    ),
    '',
    ...Object.entries(buckets).flatMap(([name, { cors, lifecycle, blocksPublicAccess }]) => [
      call('private', name, JSON.stringify({ BlockPublicAccess: String(blocksPublicAccess) })),
      call('rules', name, 'cors', JSON.stringify(cors)),
      call('rules', name, 'lifecycle', JSON.stringify(lifecycle)),
    ]),
    '',
    "cat << 'END'",
    '',
    'For .env:',
    ...Object.keys(roles).map((name) => `${toVariable(name)}=acs:ram::${account}:role/${name}`),
    'END',
  ]
  return `${lines.join('\n')}\n`
}

/** Returns the setting that has a role's ARN. */
export function toVariable(role: string): string {
  const name = role.replace(/^oss-direct-/, '')
  return name === 'delegate' ? 'STS_ROLE_ARN' : `ROLE_${name.toUpperCase().replaceAll('-', '_')}`
}

function call(command: string, ...words: string[]): string {
  return [command, ...words.map(quote)].join(' ')
}

// Between single quotes a shell reads everything as it is (POSIX: 2.2.2).
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
