import { describe, expect, test } from "vitest";
import { createElevenLabsLocal, type Settings } from "../src/index.ts";

const BASE = "https://api.elevenlabs.test/v1/convai/secrets";

function start(settings: Partial<Settings>) {
  const upstream = createElevenLabsLocal(settings);
  const headers = { "xi-api-key": "local-api-key" };
  async function send(method: string, path: string, body?: object) {
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    const response = await upstream.fetch(new Request(BASE + path, init));
    return (await response.json()) as { secret_id: string; secrets: { name?: unknown }[] };
  }
  return {
    upstream,
    create: (name: string) => send("POST", "", { type: "new", name, value: "1" }),
    update: (id: string, name: string) =>
      send("PATCH", `/${id}`, { type: "update", name, value: "2" }),
    list: async (search = "") => (await send("GET", `?search=${search}`)).secrets,
  };
}

describe("nameNormalization", () => {
  test.each([
    ["trim", " A ", "A"],
    ["nfc", "u\u0308", "ü"],
    ["lowercase", "A", "a"],
    ["none", " A ", " A "],
  ] as const)("%s stores %j as %j, in a create and an update", async (mode, name, stored) => {
    const { upstream, create, update } = start({ nameNormalization: mode });
    const { secret_id } = await create(name);
    expect(upstream.secrets()).toMatchObject([{ name: stored }]);
    await update(secret_id, `x${name}`);
    await update(secret_id, name);
    expect(upstream.secrets()).toMatchObject([{ name: stored, value: "2" }]);
  });
});

test("listLagMs hides new secrets from listings for a while", async () => {
  const { upstream, create, list } = start({ listLagMs: 200 });
  await create("A");
  expect(upstream.secrets()).toHaveLength(1);
  expect(await list()).toEqual([]);
  await expect.poll(() => list()).toHaveLength(1);
});

test("extraItems are listed as they are, on the first page, if their name matches", async () => {
  const extraItems = [{ type: "managed", name: "A1" }, { name: null }, 7, { name: "B" }];
  const { upstream, create, list } = start({ extraItems });
  await create("A");
  expect(await list("A")).toEqual([
    ...extraItems.slice(0, 3),
    expect.objectContaining({ name: "A" }),
  ]);
  upstream.configure({ extraItems: [] });
  expect(await list("A")).toHaveLength(1);
});

test("reset restores the initial settings", async () => {
  const { upstream, create } = start({ nameNormalization: "lowercase" });
  upstream.configure({ nameNormalization: "none", duplicateNames: "conflict" });
  upstream.reset();
  await create("A");
  await create("A");
  expect(upstream.secrets()).toMatchObject([{ name: "a" }, { name: "a" }]);
});
