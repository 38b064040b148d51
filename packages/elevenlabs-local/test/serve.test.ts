import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const SERVE = fileURLToPath(new URL("../src/serve.ts", import.meta.url));

test.each(["SIGTERM", "SIGINT"] as const)(
  "the process prints its address, serves, and stops with exit code 0 on %s",
  async (signal) => {
    const child = spawn(process.execPath, [SERVE], {
      env: { PORT: "0" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exited = once(child, "exit");
    const [line] = await once(createInterface(child.stdout), "line");
    const { url } = JSON.parse(line);

    await fetch(`${url}/__control/faults`, {
      method: "POST",
      body: JSON.stringify({ kind: "hang" }),
    });
    const hanging = fetch(`${url}/v1/convai/secrets`, { method: "POST", body: "{}" });
    const rejected = expect(hanging).rejects.toThrow();
    await expect
      .poll(async () => (await fetch(`${url}/__control/state`)).json())
      .toMatchObject({ received: { POST: 1 } });

    child.kill(signal);
    await rejected;
    expect(await exited).toEqual([0, null]);
  },
);
