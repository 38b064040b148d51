import { serveElevenLabsLocal } from "./serve-elevenlabs-local.ts";

const { url, close } = await serveElevenLabsLocal({ port: Number(process.env["PORT"] ?? 0) });
process.stdout.write(`${JSON.stringify({ url })}\n`);

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    await close();
    // Timers of delayed responses and late calls can still be active.
    process.exit(0);
  });
}
