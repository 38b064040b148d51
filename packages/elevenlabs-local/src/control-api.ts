import { type Context, Hono } from "hono";
import * as v from "valibot";
import type { ApiKeys } from "./api-keys.ts";
import { type ChaosOptions, ChaosOptionsSchema } from "./chaos.ts";
import type { Controls } from "./controls.ts";
import { FaultSchema } from "./fault-schema.ts";
import { parseSetting } from "./parse-setting.ts";
import { SettingsSchema } from "./settings.ts";

export const CONTROL_PATH = "/__control";

const ApiKeysSchema: v.GenericSchema<unknown, ApiKeys> = v.record(
  v.string(),
  v.array(v.picklist(["convai_write", "convai_read"])),
);
const ChaosSchema: v.GenericSchema<unknown, ChaosOptions | null> = v.nullable(ChaosOptionsSchema);

/** The controls over HTTP, for callers in another process. */
export function createControlApi(local: Controls): Hono {
  const app = new Hono().basePath(CONTROL_PATH);

  app.get("/state", (c) => c.json({ secrets: local.secrets(), received: local.received() }));
  app.post("/reset", (c) => {
    local.reset();
    return c.body(null, 204);
  });
  app.post("/faults", async (c) => {
    local.inject(await readSetting(c, FaultSchema));
    return c.body(null, 204);
  });
  app.delete("/faults", (c) => {
    local.clearFaults();
    return c.body(null, 204);
  });
  app.put("/api-keys", async (c) => {
    local.setApiKeys(await readSetting(c, ApiKeysSchema));
    return c.body(null, 204);
  });
  app.put("/settings", async (c) => {
    local.configure(await readSetting(c, SettingsSchema));
    return c.body(null, 204);
  });
  app.put("/chaos", async (c) => {
    local.setChaos(await readSetting(c, ChaosSchema));
    return c.body(null, 204);
  });

  app.notFound((c) => c.json({ error: "Unknown control" }, 404));
  app.onError((error, c) => c.json({ error: error.message }, 400));
  return app;
}

async function readSetting<T>(c: Context, schema: v.GenericSchema<unknown, T>): Promise<T> {
  return parseSetting(schema, await c.req.json());
}
