import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { listenForInterruption } from "../src/interruption.ts";
import { createProgram } from "../src/program.ts";

/** Every program has them, and they end it before it reads anything. */
const COMMON = ["--help", "--version"];

/** Long options of this command. */
const OWN = createProgram({ interruption: listenForInterruption(), finish() {} })
  .commands.flatMap(({ options }) => options.map(({ long }) => long ?? ""))
  .filter((long) => !COMMON.includes(long));

/**
 * The long options of `bun --help` and `bun run --help` (Bun 1.3), and of `deno run --help=full`
 * (Deno 2.5).
 */
const BUN =
  `--bun --shell --silent --elide-lines --filter --workspaces --watch --hot --no-clear-screen
  --smol --preload --require --import --inspect --inspect-wait --inspect-brk --if-present --no-install
  --install --eval --print --prefer-offline --prefer-latest --port --conditions --fetch-preconnect
  --max-http-header-size --dns-result-order --expose-gc --no-deprecation --throw-deprecation --title
  --zero-fill-buffers --redis-preconnect --sql-preconnect --no-addons --unhandled-rejections
  --console-depth --user-agent --cron-title --cron-period --main-fields --preserve-symlinks
  --preserve-symlinks-main --extension-order --tsconfig-override --define --drop --feature --loader
  --no-macros --jsx-factory --jsx-fragment --jsx-import-source --jsx-runtime --jsx-side-effects
  --ignore-dce-annotations --env-file --no-env-file --cwd --config --revision --cpu-prof --cpu-prof-name
  --cpu-prof-dir --heap-prof --sequential --parallel --no-orphans --use-system-ca --use-openssl-ca
  --use-bundled-ca`.split(/\s+/);
const DENO = `--allow-all --allow-read --deny-read --allow-write --deny-write --allow-net --deny-net
  --allow-env --deny-env --allow-sys --deny-sys --allow-run --deny-run --allow-ffi --deny-ffi
  --allow-hrtime --allow-import --deny-import --allow-scripts --no-prompt --permission-set --import-map
  --no-remote --no-npm --node-modules-dir --vendor --config --no-config --reload --lock --no-lock
  --frozen --cert --unsafely-ignore-certificate-errors --quiet --log-level --location --v8-flags --seed
  --cached-only --env-file --ext --check --no-check --watch --watch-hmr --watch-exclude
  --no-clear-screen --inspect --inspect-brk --inspect-wait --strace-ops --preload --require --import
  --conditions --no-code-cache --code-cache-path --eszip-internal-do-not-use --cpu-prof --tunnel
  --enable-testing-features-do-not-use --minimum-dependency-age --unstable --coverage
  --parallel`.split(/\s+/);

/** The options that Node.js itself accepts, from its own lists. */
function listNodeOptions(): string[] {
  const help = execFileSync(process.execPath, ["--help"], { encoding: "utf8" });
  return [...process.allowedNodeEnvironmentFlags, ...(help.match(/--[a-z0-9-]+/g) ?? [])];
}

test("the command has long options of its own", () => {
  expect(OWN.length).toBeGreaterThan(20);
});

test.each([
  ["Node.js", listNodeOptions()],
  ["Bun", BUN],
  ["Deno", DENO],
])("no long option is an option of %s", (_, options) => {
  expect(options.length).toBeGreaterThan(50);
  expect(options).toContain("--env-file");
  expect(OWN.filter((long) => options.includes(long))).toEqual([]);
});
