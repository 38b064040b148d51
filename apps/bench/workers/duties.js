/** What the two hand-written Workers have in common. */
import { Buffer } from "node:buffer";
import { timingSafeEqual } from "node:crypto";

const MAX_BODY_BYTES = 64 * 1024;
const ID = /^[\x21-\x2d\x2f-\x7e]{1,255}$/;
const NAME = /^[^\p{Cc}\p{Cf}]{1,255}$/u;
const KEYS = ["name", "type", "value"];
const SECRET_ID = /^[A-Za-z0-9_-]{1,128}$/;
/** What the log line says of every delivery that was stored. */
const STORED = {
  operation: "create",
  calls: 1,
  listings: 0,
  failed_listings: 0,
  impossible_listings: 0,
  outcome: "stored",
  result: "created",
};
const encoder = new TextEncoder();
const utf8 = new TextDecoder("utf-8", { fatal: true });

const digest = (text) => crypto.subtle.digest("SHA-256", encoder.encode(text));

/** Answers a delivery; `deliver` does the rest once the request is known to be good. */
export async function answer(request, env, deliver) {
  const start = Date.now();
  const requestId = crypto.randomUUID();
  const entry = { event: "delivery", request_id: requestId };
  const response = await handle(request, env, entry, deliver).catch(() => problem(500));
  entry.status = response.status;
  entry.milliseconds = Date.now() - start;
  console.log(entry);
  response.headers.set("cache-control", "no-store");
  response.headers.set("x-content-type-options", "nosniff");
  response.headers.set("x-request-id", requestId);
  return response;
}

async function handle(request, env, entry, deliver) {
  if (request.method !== "POST" || new URL(request.url).pathname !== "/v1/convai/secrets") {
    return problem(404);
  }
  const token = /^Bearer (cs_[\w-]{43})$/.exec(request.headers.get("authorization") ?? "")?.[1];
  if (token === undefined) return problem(401);
  const expected = Buffer.from(env.TOKEN_HASH, "hex");
  if (!timingSafeEqual(Buffer.from(await digest(token)), expected)) return problem(401);
  entry.sender = "bench-0";
  entry.authenticated_by = "token";
  if (request.headers.get("content-type") !== "application/json") return problem(415);
  const id = request.headers.get("idempotency-key") ?? "";
  if (!ID.test(id)) return problem(400);
  const length = Number(request.headers.get("content-length"));
  if (!(length <= MAX_BODY_BYTES)) return problem(413);
  const bytes = await withTimeLimit(request.arrayBuffer(), 10_000);
  const text = utf8.decode(bytes);
  const body = JSON.parse(text);
  // Of duplicate keys, JSON.parse has kept one.
  if (JSON.stringify(body) !== text) return problem(400);
  const secret = validate(body);
  if (secret === undefined) return problem(422);
  entry.name = secret.name;
  entry.delivery = Buffer.from(await digest(id)).toString("hex", 0, 8);
  const stored = await deliver({ id, secret });
  if (stored === undefined) return problem(502);
  Object.assign(entry, STORED);
  return Response.json(stored, { headers: { "convai-secrets-result": "created" } });
}

function validate(body) {
  if (typeof body !== "object" || body === null) return undefined;
  const { type, name, value } = body;
  const isValid =
    Object.keys(body).sort().join() === KEYS.join() &&
    type === "new" &&
    typeof name === "string" &&
    typeof value === "string" &&
    NAME.test(name) &&
    name === name.trim() &&
    name === name.normalize() &&
    name.isWellFormed() &&
    value !== "" &&
    value.isWellFormed() &&
    !name.includes(value);
  return isValid ? { type, name, value } : undefined;
}

/** Sends the request once and checks the answer. */
export async function forward(secret, env) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 8_000);
  try {
    const response = await fetch(`${env.ELEVENLABS_BASE_URL}/v1/convai/secrets`, {
      method: "POST",
      headers: { "content-type": "application/json", "xi-api-key": env.ELEVENLABS_API_KEY },
      body: JSON.stringify(secret),
      redirect: "manual",
      signal: controller.signal,
    });
    if (!response.ok) return undefined;
    const { type, secret_id, name } = JSON.parse(utf8.decode(await response.arrayBuffer()));
    const isValid = type === "stored" && SECRET_ID.test(secret_id) && typeof name === "string";
    const echoes = isValid && (secret_id.includes(secret.value) || name.includes(secret.value));
    return isValid && !echoes ? { type, secret_id, name } : undefined;
  } finally {
    clearTimeout(timer);
  }
}

async function withTimeLimit(promise, milliseconds) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("Time limit")), milliseconds);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

function problem(status) {
  return Response.json({ status }, { status });
}
