#!/usr/bin/env bash
# Stores a secret with a signed request. Needs bash 3.1, curl 7.76, jq 1.6 and openssl.
#
#   CONVAI_SECRETS_URL=https://… bash curl-openssl.sh NAME VALUE_FILE SIGNING_SECRET_FILE
#
# The signing secret, the value and the signature only pass through pipes and shell variables, never
# through a command line. The value file is UTF-8. One line break at its end is not stored.
set -euo pipefail
url=${CONVAI_SECRETS_URL%/}
case $url in
  https://* | http://127.0.0.1:* | http://localhost:*) ;;
  *) echo "CONVAI_SECRETS_URL must start with https://" >&2 && exit 2 ;;
esac
iconv -f utf-8 -t utf-8 "$2" >/dev/null || { echo "The value file must be UTF-8" >&2 && exit 2; }

# HMAC-SHA-256 (RFC 2104) of standard input, with the bytes in the array "key".
pad() { for i in {0..63}; do printf -v byte '\\x%02x' $((${key[i]:-0} ^ $1)); printf "$byte"; done; }
hash() { openssl dgst -sha256 -binary; }
hmac() { { pad 0x5c; { pad 0x36; cat; } | hash; } | hash; }
bytes() { od -An -v -tu1; }

body=$(jq -nc --arg name "$1" --rawfile value "$2" \
  '{type: "new", $name, value: ($value | sub("\r?\n\\z"; ""))}')
key=($(cut -c 7- "$3" | openssl base64 -d -A | bytes)) # the bytes after whsec_
# The id identifies the delivery. Its key is derived, so that an id is never a valid signature.
id=$(key=($(printf 'convai-secrets delivery id' | hmac | bytes)) && printf %s "$body" | hmac | openssl base64 -A)
id=derived_${id//[+\/=]/_} now=$(date +%s)
signature=$(printf %s "$id.$now.$body" | hmac | openssl base64 -A)

quoted=${body//\\/\\\\} quoted=${quoted//\"/\\\"}
printf '%s\n' "header = \"webhook-id: $id\"" "header = \"webhook-timestamp: $now\"" \
  "header = \"webhook-signature: v1,$signature\"" "data-binary = \"$quoted\"" |
  curl --config - -sS --fail-with-body --max-time 30 --retry 5 --retry-max-time 200 \
    -H 'content-type: application/json' "$url/v1/convai/secrets"
