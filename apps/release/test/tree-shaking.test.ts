import { build } from "esbuild";
import { describe, expect, inject, test } from "vitest";

const project = inject("project");

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
  ["core", "describeIssues", 400, ["core"]],
  ["core", "readBody", 700, ["core"]],
  ["core", "BaseUrlSchema", 2_700, ["core", "valibot"]],
  ["core", "createSecret", 42_000, ["core", "ky", "valibot"]],
  ["core", "listSecrets", 41_000, ["core", "ky", "valibot"]],
  ["policy", "matchesPattern", 300, ["policy"]],
  ["policy", "parseSenders", 7_200, ["core", "policy", "valibot"]],
  ["sender", "DeliveryError", 2_400, ["sender"]],
  ["sender", "deriveDeliveryId", 3_500, ["policy", "sender", "valibot"]],
  ["sender", "deliverSecret", 35_500, ["core", "policy", "sender", "valibot", ...SIGNING]],
  ["sender", "listDeliveries", 32_500, ["core", "policy", "sender", "valibot", ...SIGNING]],
] as const;

describe("a bundle of one import holds what that needs, and no more", () => {
  test.each(IMPORTS)("%s: %s", async (from, name, maxBytes, packages) => {
    const bundled = await bundle(from, name);
    expect(bundled.packages).toEqual([...packages].sort());
    expect(bundled.bytes).toBeLessThanOrEqual(maxBytes);
  });

  test.each([
    ["core", "createSecret", "list-secrets.js"],
    ["core", "listSecrets", "create-secret.js"],
    ["policy", "parseSenders", "name-pattern.js"],
    ["sender", "deliverSecret", "list-deliveries.js"],
    ["sender", "listDeliveries", "deliver-secret.js"],
    ["sender", "listDeliveries", "derive-delivery-id.js"],
  ])("%s: %s comes without %s", async (from, name, absent) => {
    const { files } = await bundle(from, name);
    expect(files.length).toBeGreaterThan(1);
    expect(files).not.toContain(absent);
  });
});
