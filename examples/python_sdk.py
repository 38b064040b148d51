"""Stores a secret with the official Python SDK (package elevenlabs), which retries by itself since
version 2.59.0.

    CONVAI_SECRETS_URL=https://… CONVAI_SECRETS_TOKEN=cs_… python3 python_sdk.py NAME < VALUE_FILE

The value is UTF-8. One line break at its end is not stored.
"""

import os
import sys
import urllib.parse

import httpx
from elevenlabs import ElevenLabs

url = os.environ["CONVAI_SECRETS_URL"].rstrip("/")
address = urllib.parse.urlsplit(url)
is_loopback = address.hostname in ("127.0.0.1", "::1", "localhost")
if address.scheme != "https" and not (address.scheme == "http" and is_loopback):
    sys.exit("CONVAI_SECRETS_URL must start with https://")
value = sys.stdin.buffer.read().decode("utf-8")
if value.endswith("\n"):
    value = value[:-2] if value.endswith("\r\n") else value[:-1]
client = ElevenLabs(
    base_url=url,
    api_key=os.environ["CONVAI_SECRETS_TOKEN"],
    # A redirect would carry the token and the value to another address.
    httpx_client=httpx.Client(timeout=60, follow_redirects=False),
)
secret = client.conversational_ai.secrets.create(name=sys.argv[1], value=value)
print(secret.secret_id)
