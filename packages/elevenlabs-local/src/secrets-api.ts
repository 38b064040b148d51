import { Hono } from "hono";
import { type ApiKeys, refuseApiKey } from "./api-keys.ts";
import { readField } from "./call.ts";
import { listDependencies } from "./dependencies.ts";
import { describeStatus, detailedError, validationError } from "./error-bodies.ts";
import { decodeCursor, encodeCursor, readPageSize } from "./list-query.ts";
import type { SecretStore, StoredSecret } from "./secret-store.ts";
import { normalizeName, type Settings } from "./settings.ts";
import { isUsed, previewUsedBy } from "./used-by.ts";
import { validateSecret } from "./validate-secret.ts";

/** What the routes work on. It can change while they run. */
export interface Workspace {
  readonly store: SecretStore;
  apiKeys: ApiKeys;
  settings: Settings;
}

interface ApiEnv {
  Variables: { requestId: string };
}

const COLLECTION = "/v1/convai/secrets";
const ITEM = `${COLLECTION}/:id`;
const DEFAULT_DEPENDENCY_LIMIT = 20;

/**
 * The operations on secrets, with the status codes and bodies of the real API, without faults.
 */
export function createSecretsApi(workspace: Workspace): Hono<ApiEnv> {
  const { store } = workspace;
  const app = new Hono<ApiEnv>();

  app.use(async (c, next) => {
    c.set("requestId", crypto.randomUUID());
    c.header("x-request-id", c.get("requestId"));
    const refusal = refuseApiKey(workspace.apiKeys, c.req.header("xi-api-key"), c.req.method);
    if (refusal !== undefined) return c.json(refusal, 401);
    return next();
  });

  app.post(COLLECTION, async (c) => {
    const body = validateSecret(await c.req.text(), "new");
    if (!body.ok) return c.json(validationError(body.issues), 422);
    const name = normalizeName(body.output.name, workspace.settings.nameNormalization);
    if (isNameTaken(workspace, name)) return c.json(nameConflict(c.get("requestId")), 409);
    return c.json(showStored(store.create(name, body.output.value)));
  });

  app.get(COLLECTION, (c) => {
    const query = c.req.query();
    const pageSize = readPageSize(query, "page_size");
    if (typeof pageSize === "object") return c.json(validationError([pageSize]), 422);
    const dependencyLimit = readPageSize(query, "dependency_limit");
    if (typeof dependencyLimit === "object") return c.json(validationError([dependencyLimit]), 422);
    const cursor = query["cursor"] ? decodeCursor(query["cursor"]) : undefined;
    if (query["cursor"] && cursor === undefined)
      return c.json(invalidCursor(c.get("requestId")), 400);

    // "If not provided, returns all secrets", says the SDK of page_size.
    const limit = pageSize ?? Number.POSITIVE_INFINITY;
    const { listLagMs, extraItems } = workspace.settings;
    const search = query["search"] ?? "";
    const until = listLagMs === 0 ? undefined : Date.now() - listLagMs;
    const found = store.list(search, cursor, limit + 1, until);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const hasMore = found.length > page.length;
    return c.json({
      secrets: [
        ...(cursor === undefined ? extraItems.filter((item) => isSearched(item, search)) : []),
        ...page.map((secret) => showListed(secret, dependencyLimit)),
      ],
      has_more: hasMore,
      ...(hasMore && last !== undefined ? { next_cursor: encodeCursor(last) } : {}),
    });
  });

  app.get(ITEM, (c) => {
    const secret = store.get(c.req.param("id"));
    return secret === undefined
      ? c.json(notFound(c.get("requestId")), 404)
      : c.json(showListed(secret));
  });

  app.patch(ITEM, async (c) => {
    const id = c.req.param("id");
    const body = validateSecret(await c.req.text(), "update");
    if (!body.ok) return c.json(validationError(body.issues), 422);
    const before = store.get(id);
    if (before === undefined) return c.json(notFound(c.get("requestId")), 404);
    const name = normalizeName(body.output.name, workspace.settings.nameNormalization);
    if (name !== before.name && isNameTaken(workspace, name))
      return c.json(nameConflict(c.get("requestId")), 409);
    const after = store.update(id, { name, value: body.output.value });
    return after === undefined
      ? c.json(notFound(c.get("requestId")), 404)
      : c.json(showStored(after));
  });

  app.delete(ITEM, (c) => {
    const secret = store.get(c.req.param("id"));
    if (secret === undefined) return c.json(notFound(c.get("requestId")), 404);
    if (isUsed(secret.usedBy)) return c.json(secretInUse(c.get("requestId")), 409);
    store.delete(secret.secret_id);
    return c.body(null, 204);
  });

  app.get(`${ITEM}/dependencies/:type`, (c) => {
    const secret = store.get(c.req.param("id"));
    if (secret === undefined) return c.json(notFound(c.get("requestId")), 404);
    const page = listDependencies(secret.usedBy, c.req.param("type"), c.req.query());
    return "issue" in page ? c.json(validationError([page.issue]), 422) : c.json(page);
  });

  app.all(COLLECTION, (c) => c.json({ detail: "Method Not Allowed" }, 405, { allow: "GET, POST" }));
  app.all(ITEM, (c) =>
    c.json({ detail: "Method Not Allowed" }, 405, { allow: "GET, PATCH, DELETE" }),
  );
  app.notFound((c) => c.json({ detail: "Not Found" }, 404));
  return app;
}

function showStored({ secret_id, name }: StoredSecret) {
  return { type: "stored", secret_id, name };
}

function showListed(secret: StoredSecret, dependencyLimit = DEFAULT_DEPENDENCY_LIMIT) {
  return { ...showStored(secret), used_by: previewUsedBy(secret.usedBy, dependencyLimit) };
}

/** Whether an extra item belongs to a listing with this `search`. */
function isSearched(item: unknown, search: string): boolean {
  const name = readField(item, "name");
  return typeof name !== "string" || name.startsWith(search);
}

function isNameTaken({ store, settings }: Workspace, name: string): boolean {
  return settings.duplicateNames === "conflict" && store.findByName(name) !== undefined;
}

function nameConflict(requestId: string) {
  const message = "A secret with this name already exists.";
  return detailedError({ ...describeStatus(409), message }, requestId, "name");
}

function secretInUse(requestId: string) {
  const message = "The secret is in use and cannot be deleted.";
  return detailedError({ ...describeStatus(409), code: "secret_in_use", message }, requestId);
}

function invalidCursor(requestId: string) {
  const message = "The cursor is not valid.";
  return detailedError(
    { ...describeStatus(400), code: "invalid_cursor", message },
    requestId,
    "cursor",
  );
}

function notFound(requestId: string) {
  const message = "There is no secret with this id.";
  return detailedError(
    { ...describeStatus(404), code: "secret_not_found", message },
    requestId,
    "secret_id",
  );
}
