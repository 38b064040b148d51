import { createSecret, SecretsApiError, updateSecret } from "@convai-secrets/core";
import { catchError } from "@convai-secrets/testing/catch-error";
import QUnit from "qunit";
import { getSetting } from "../support/setting.ts";
import { generateName, injectFault, readUpstream } from "../support/upstream.ts";

const options = () => ({ baseUrl: getSetting().upstream, apiKey: getSetting().apiKey });

QUnit.module("core updateSecret");

QUnit.test("replaces the value and keeps the id", async (assert) => {
  const name = generateName();
  const { secret_id } = await createSecret({ type: "new", name, value: "old" }, options());
  const updated = await updateSecret(secret_id, { type: "update", name, value: "new" }, options());
  assert.deepEqual(updated, { type: "stored", secret_id, name });
  const { secrets } = await readUpstream(name);
  assert.equal(secrets.length, 1);
  assert.propContains(secrets[0], { secret_id, value: "new" });
});

QUnit.test("reports that no secret has the id", async (assert) => {
  const request = { type: "update", name: generateName(), value: "v" } as const;
  const error = await catchError(updateSecret("unknown", request, options()), SecretsApiError);
  assert.propContains(error, { code: "not_found", outcome: "not_applied" });
});

QUnit.test("reports an unknown outcome after a lost connection", async (assert) => {
  const name = generateName();
  const { secret_id } = await createSecret({ type: "new", name, value: "old" }, options());
  await injectFault({ kind: "drop", store: true, times: null, method: "PATCH", name });
  const call = updateSecret(secret_id, { type: "update", name, value: "new" }, options());
  const error = await catchError(call, SecretsApiError);
  assert.propContains(error, { code: "failed", outcome: "unknown" });
});
