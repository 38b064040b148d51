import { serveElevenLabsLocal } from "./serve-elevenlabs-local.ts";

const { url, close } = await serveElevenLabsLocal({ port: Number(process.env["PORT"] ?? 0) });
process.stdout.write(`${JSON.stringify({ url })}\n`);

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    await close();
    // Delayed answers and late stores may still have timers running.
    process.exit(0);
  });
}
