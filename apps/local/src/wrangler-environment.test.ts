import { expect, test } from "vitest";
import { makeWranglerEnvironment } from "./wrangler-environment.ts";

test("what the Worker or wrangler would read is left out, the rest stays", () => {
  const environment = makeWranglerEnvironment(
    {
      PATH: "/bin",
      ELEVENLABS_API_KEY: "k",
      elevenlabs_base_url: "u",
      SENDERS: "[]",
      CLOUDFLARE_API_TOKEN: "t",
      WRANGLER_LOG: "debug",
    },
    "/folder",
  );
  expect(environment).toMatchObject({ PATH: "/bin", WRANGLER_SEND_METRICS: "false" });
  expect(Object.values(environment)).not.toContain("k");
  expect(
    Object.keys(environment).filter((name) => /^(eleven|senders|.*token)/i.test(name)),
  ).toEqual([]);
  expect(environment).not.toHaveProperty("WRANGLER_LOG");
});
