import { build } from "esbuild";
import { describe, expect, test } from "vitest";
import { project } from "./support/install.ts";

/** standardwebhooks and its dependencies. */
const SIGNING = ["standardwebhooks", "@stablelib/base64", "fast-sha256"];

/** Bundles one import: the minified size, and the packages and files of its code. */
async function bundle(from: string, name: string) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export { ${name} } from "@convai-secrets/${from}";`, resolveDir: project },
    bundle: true,
    format: "esm",
    minify: true,
    metafile: true,
    platform: "neutral",
    mainFields: ["module", "main"],
    write: false,
    outfile: "bundle.js",
  });
  const inputs = Object.entries(metafile.outputs["bundle.js"]?.inputs ?? {});
  const files = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
  const packages = files.flatMap(
    (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
  );
  return {
    bytes: outputFiles[0]?.contents.byteLength ?? 0,
    packages: [...new Set(packages)].map((one) => one.replace("@convai-secrets/", "")).sort(),
    files: files.map((path) => path.slice(path.lastIndexOf("/") + 1)),
  };
}

/** The most bytes that one import may add to a bundle, and the packages of its code. */
const IMPORTS = [
  ["core", "BaseUrlSchema", 2_700, ["core", "valibot"]],
  ["core", "createSecret", 46_000, ["core", "ky", "valibot"]],
  ["core", "updateSecret", 46_000, ["core", "ky", "valibot"]],
  ["core", "listSecrets", 44_500, ["core", "ky", "valibot"]],
  ["protocol", "matchesPattern", 300, ["protocol"]],
  ["protocol", "PROBLEMS", 2_350, ["protocol"]],
  ["protocol", "parseSenders", 15_300, ["core", "protocol", "valibot"]],
  ["client", "DeliveryError", 5_400, ["client", "protocol"]],
  ["client", "deriveDeliveryId", 3_700, ["client", "protocol", "valibot"]],
  ["client", "deliverSecret", 40_700, ["client", "core", "protocol", "valibot", ...SIGNING]],
  ["client", "listDeliveries", 38_500, ["client", "core", "protocol", "valibot", ...SIGNING]],
] as const;

describe("a bundle of one import contains only what it needs", () => {
  test.each(IMPORTS)("%s: %s", async (from, name, maxBytes, packages) => {
    const bundled = await bundle(from, name);
    expect(bundled.packages).toEqual([...packages].sort());
    expect(bundled.bytes).toBeLessThanOrEqual(maxBytes);
  });

  test.each([
    ["core", "createSecret", "list-secrets.js"],
    ["core", "listSecrets", "create-secret.js"],
    ["core", "updateSecret", "create-secret.js"],
    ["protocol", "parseSenders", "name-pattern.js"],
    ["client", "deliverSecret", "list-deliveries.js"],
    ["client", "listDeliveries", "deliver-secret.js"],
    ["client", "listDeliveries", "derive-delivery-id.js"],
  ])("%s: %s comes without %s", async (from, name, absent) => {
    const { files } = await bundle(from, name);
    expect(files.length).toBeGreaterThan(1);
    expect(files).not.toContain(absent);
  });
});
