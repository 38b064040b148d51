"""Stores a secret with the official Python SDK (package elevenlabs), which retries by itself since
version 2.59.0.

    CONVAI_SECRETS_URL=https://… CONVAI_SECRETS_TOKEN=cs_… python3 python_sdk.py NAME < VALUE_FILE

The value is UTF-8. One line break at its end is not stored.
"""

import os
import sys

from elevenlabs import ElevenLabs

value = sys.stdin.buffer.read().decode("utf-8")
if value.endswith("\n"):
    value = value[:-2] if value.endswith("\r\n") else value[:-1]
client = ElevenLabs(
    base_url=os.environ["CONVAI_SECRETS_URL"].rstrip("/"),
    api_key=os.environ["CONVAI_SECRETS_TOKEN"],
)
secret = client.conversational_ai.secrets.create(name=sys.argv[1], value=value)
print(secret.secret_id)
