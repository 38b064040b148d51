"""Stores a secret with a signed request. Needs Python 3.9 and nothing else.

    CONVAI_SECRETS_URL=https://… CONVAI_SECRETS_SIGNING_SECRET=whsec_… \
        python3 store_secret.py NAME < VALUE_FILE

The value is UTF-8. One line break at its end is not stored. The script does not retry: run it again,
and it is the same delivery.
"""

import base64
import hmac
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request


class NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def sign(key: bytes, content: bytes) -> bytes:
    return hmac.digest(key, content, "sha256")


url = os.environ["CONVAI_SECRETS_URL"].rstrip("/")
address = urllib.parse.urlsplit(url)
is_loopback = address.hostname in ("127.0.0.1", "::1", "localhost")
if address.scheme != "https" and not (address.scheme == "http" and is_loopback):
    sys.exit("CONVAI_SECRETS_URL must start with https://")
key = base64.b64decode(os.environ["CONVAI_SECRETS_SIGNING_SECRET"][len("whsec_") :])
try:
    value = sys.stdin.buffer.read().decode("utf-8")
except UnicodeDecodeError:
    sys.exit("The value must be UTF-8")
if value.endswith("\n"):
    value = value[:-2] if value.endswith("\r\n") else value[:-1]
body = json.dumps({"type": "new", "name": sys.argv[1], "value": value}).encode()

# The id identifies the delivery. Its key is derived, so that an id is never a valid signature.
digest = sign(sign(key, b"convai-secrets delivery id"), body)
id = "derived_" + base64.urlsafe_b64encode(digest).decode().rstrip("=")
now = str(int(time.time()))
signature = base64.b64encode(sign(key, f"{id}.{now}.".encode() + body)).decode()
headers = {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": now,
    "webhook-signature": f"v1,{signature}",
}
request = urllib.request.Request(f"{url}/v1/convai/secrets", body, headers)
try:
    with urllib.request.build_opener(NoRedirects).open(request, timeout=30) as response:
        print(json.load(response)["secret_id"])
except urllib.error.HTTPError as error:
    sys.exit(f"HTTP {error.code}: {error.read().decode(errors='replace')}")
except OSError as error:
    sys.exit(f"No response from {address.hostname}: {getattr(error, 'reason', error)}")
