import { Hono } from "hono";
import { type ApiKeys, refuseApiKey } from "./api-keys.ts";
import { describeStatus, detailedError, validationError } from "./error-bodies.ts";
import { decodeCursor, encodeCursor, readPageSize } from "./list-query.ts";
import type { SecretStore, StoredSecret } from "./secret-store.ts";
import { isUsed, previewUsedBy } from "./used-by.ts";
import { validateSecret } from "./validate-secret.ts";

/** What to do with the second secret of one name; upstream's answer is undocumented. */
export type DuplicateNames = "accept" | "conflict";

/** What the routes work on, changeable while they run. */
export interface Workspace {
  readonly store: SecretStore;
  apiKeys: ApiKeys;
  duplicateNames: DuplicateNames;
}

interface ApiEnv {
  Variables: { requestId: string };
}

const COLLECTION = "/v1/convai/secrets";
const ITEM = `${COLLECTION}/:id`;
const DEFAULT_DEPENDENCY_LIMIT = 20;

/**
 * The five operations on secrets, with the status codes and bodies of the real API and none of the
 * faults.
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
    const { name, value } = body.output;
    if (isNameTaken(workspace, name)) return c.json(nameConflict(c.get("requestId")), 409);
    return c.json(showStored(store.create(name, value)));
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
    const found = store.list(query["search"] ?? "", cursor, limit + 1);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const hasMore = found.length > page.length;
    return c.json({
      secrets: page.map((secret) => showListed(secret, dependencyLimit)),
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
    const { name } = body.output;
    if (name !== before.name && isNameTaken(workspace, name))
      return c.json(nameConflict(c.get("requestId")), 409);
    const after = store.update(id, body.output);
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

function isNameTaken({ store, duplicateNames }: Workspace, name: string): boolean {
  return duplicateNames === "conflict" && store.findByName(name) !== undefined;
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
  const message = "There is no secret of this id.";
  return detailedError(
    { ...describeStatus(404), code: "secret_not_found", message },
    requestId,
    "secret_id",
  );
}
