import { fileURLToPath } from "node:url";
import { styleText } from "node:util";
import type { LocalStack } from "./local-stack.ts";

/** The repository's folder, where the TypeScript SDK is installed. */
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** What to paste into another shell to use a running stack. Every block works as it is printed. */
export function formatInstructions(stack: LocalStack): string {
  const { workerUrl, operatorUrl, upstream, credentials } = stack;
  const { token, signingSecret } = credentials;
  return [
    "",
    `The Worker          ${workerUrl}`,
    `The local upstream  ${upstream.url}`,
    `The operator's page ${operatorUrl}`,
    "",
    "All credentials are random and end with this run. A local stand-in for Cloudflare Access",
    "signs you in to the operator's page. Paste into another shell:",
    "",
    title("# the command"),
    command(workerUrl, signingSecret),
    "",
    title("# curl, with the token"),
    curlWithToken(workerUrl, token),
    "",
    title("# curl, with a signature (Standard Webhooks)"),
    curlWithSignature(workerUrl, signingSecret),
    "",
    title("# TypeScript, the official SDK"),
    sdkInTypeScript(workerUrl, token),
    "",
    title("# Python, the official SDK (pip install elevenlabs)"),
    sdkInPython(workerUrl, token),
    "",
    title("# what ElevenLabs would store now, values included"),
    `curl -sS ${upstream.url}/__control/state`,
    "",
    `${title("Ctrl-C stops everything.")} The Worker's log follows.`,
    "",
  ].join("\n");
}

function curlWithToken(workerUrl: string, token: string): string {
  return `curl -sS ${workerUrl}/v1/convai/secrets \\
  -H 'authorization: Bearer ${token}' \\
  -H 'content-type: application/json' \\
  -d '{"type":"new","name":"DEMO_TOKEN","value":"s3cret"}'`;
}

/** The value comes from a pipe: a command line shows in `ps`. */
function command(workerUrl: string, signingSecret: string): string {
  return `(cd ${quoteForShell(ROOT)} && export CONVAI_SECRETS_URL=${workerUrl} CONVAI_SECRETS_SIGNING_SECRET='${signingSecret}' &&
  printf %s s3cret | npx --no convai-secrets create DEMO_COMMAND)`;
}

/**
 * HMAC as two hashes (RFC 2104), because `openssl -macopt` would put the signing secret on a command
 * line. `examples/curl-openssl.sh` is the same with the value and the signing secret from files.
 */
function curlWithSignature(workerUrl: string, signingSecret: string): string {
  return `bash <<'EOF'
key=($(printf %s '${signingSecret.slice("whsec_".length)}' | openssl base64 -d -A | od -An -v -tu1))
pad() { for i in {0..63}; do printf -v byte '\\\\x%02x' $((\${key[i]:-0} ^ $1)); printf "$byte"; done; }
hash() { openssl dgst -sha256 -binary; }
sign() { { pad 0x5c; { pad 0x36; cat; } | hash; } | hash | openssl base64 -A; }
body='{"type":"new","name":"DEMO_SIGNED","value":"s3cret"}'
id="msg_$(openssl rand -hex 16)"; now=$(date +%s)
signature=$(printf %s "$id.$now.$body" | sign)
printf '%s\\n' "header = \\"webhook-id: $id\\"" "header = \\"webhook-timestamp: $now\\"" \\
  "header = \\"webhook-signature: v1,$signature\\"" "data-binary = \\"\${body//\\"/\\\\\\"}\\"" |
  curl --config - -sS -H 'content-type: application/json' ${workerUrl}/v1/convai/secrets
EOF`;
}

function sdkInTypeScript(workerUrl: string, token: string): string {
  return `(cd ${quoteForShell(ROOT)} && node --input-type=module) <<'EOF'
import { ElevenLabsClient } from "@elevenlabs/elevenlabs-js";
const client = new ElevenLabsClient({ baseUrl: "${workerUrl}", apiKey: "${token}" });
const secret = await client.conversationalAi.secrets.create({ name: "DEMO_TYPESCRIPT", value: "s3cret" });
console.log(secret.secretId);
EOF`;
}

function sdkInPython(workerUrl: string, token: string): string {
  return `python3 - <<'EOF'
from elevenlabs import ElevenLabs
client = ElevenLabs(base_url="${workerUrl}", api_key="${token}")
secret = client.conversational_ai.secrets.create(name="DEMO_PYTHON", value="s3cret")
print(secret.secret_id)
EOF`;
}

function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function title(text: string): string {
  return styleText("bold", text);
}
