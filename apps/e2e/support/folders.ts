import { join } from "node:path";

/** The repository's root. */
export const ROOT_FOLDER = join(import.meta.dirname, "../../..");

/** The Worker, which the root's `turbo.json` builds before these suites run. */
export const WORKER_FOLDER = join(ROOT_FOLDER, "apps/worker");
