#!/bin/sh
# Puts a PDF: BASE_URL=… TOKEN=… sh put.sh report.pdf
set -eu
file=$1

signed=$(curl -sS --fail-with-body "$BASE_URL/signed-url" -H "Authorization: Bearer $TOKEN" -d "$(
  jq -n --arg name "${file##*/}" --argjson size "$(wc -c <"$file")" '{rule: "documents", operation: "put",
    filename: $name, contentType: "application/pdf", contentLength: $size}')") || { echo "$signed" >&2; exit 1; }
printf '%s' "$signed" |
  jq -r '"url = \(.url | @json)", (.headers | to_entries[] | "header = \("\(.key): \(.value)" | @json)")' |
  curl -sS --fail-with-body -K - -T "$file" -w '\n%{http_code}\n'
