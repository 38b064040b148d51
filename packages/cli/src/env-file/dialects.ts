import { takeDockerStatement } from "./docker.ts";
import { takeDotenvStatement } from "./dotenv.ts";
import { takeShellStatement } from "./shell.ts";
import type { Statement } from "./statement.ts";
import { takeStrictStatement } from "./strict.ts";

/** The programs whose rules `--dialect` selects. */
export const DIALECTS = ["dotenv", "docker", "shell"] as const;

/** One of {@link DIALECTS}. */
export type Dialect = (typeof DIALECTS)[number];

/** Reads the statement at the start of a text that is not empty. */
export type TakeStatement = (text: string) => Statement;

const READERS: Readonly<Record<Dialect, TakeStatement>> = {
  dotenv: takeDotenvStatement,
  docker: takeDockerStatement,
  shell: takeShellStatement,
};

/** The reader of a dialect; without one, a reader that rejects what the dialects read differently. */
export function readerOf(dialect: Dialect | undefined): TakeStatement {
  return dialect === undefined ? takeStrictStatement : READERS[dialect];
}
