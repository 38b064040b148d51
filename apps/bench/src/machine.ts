import { readFileSync } from "node:fs";
import { arch, cpus, platform, totalmem } from "node:os";

/** Describes the machine and the day of a run in one sentence. */
export function describeMachine(now: Date): string {
  const memoryGiB = Math.round(totalmem() / 2 ** 30);
  const date = now.toISOString().slice(0, 10);
  return `Measured on ${date} on ${cpus().length} cores of ${readCpuModel()} with ${memoryGiB} GiB (${platform()} ${arch()}, Node.js ${process.version}). Load generator, Worker and upstream share the cores.`;
}

function readCpuModel(): string {
  const model = /^model name\s*: (.+)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1];
  return model?.trim() ?? cpus()[0]?.model ?? "an unknown CPU";
}
