#!/usr/bin/env node
// This file is not built, so that npm links the command before the first build of this repository.
import { existsSync } from "node:fs";

const program = new URL("../dist/main.js", import.meta.url);
if (existsSync(program)) {
  const { main } = await import(program.href);
  await main();
} else {
  process.stderr.write("convai-secrets is not built yet. Run: npm run build\n");
  process.exitCode = 1;
}
