import { type Delivery, listDeliveries } from "@convai-secrets/client";
import type { Command } from "commander";
import { type CallOptions, CONFIG_OPTION, type Context } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import type { Interruption } from "../interruption.ts";
import { formatTable } from "../output/format-table.ts";
import { printable } from "../output/printable.ts";
import { parseCount } from "../parse-count.ts";
import { readConnection } from "../read-connection.ts";
import type { Report } from "../report.ts";

interface DeliveriesOptions extends CallOptions {
  readonly limit?: string;
}

const EXAMPLES = `
Examples:
  convai-secrets deliveries --limit 20
  convai-secrets deliveries --json | jq '.deliveries[] | select(.state == "unknown")'`;

const COLUMNS = [
  "name",
  "state",
  "secret_id",
  "created_at",
  "last_seen_at",
  "attempts",
  "id",
] as const;

/** Adds `deliveries`. */
export function addDeliveries(program: Command, { interruption, finish }: Context): void {
  program
    .command("deliveries")
    .summary("list what this sender delivered")
    .description("Lists what this sender delivered, the newest first, as the Worker remembers it.")
    .option("--limit <count>", "only the newest so many; all if it is not given")
    .option(...CONFIG_OPTION)
    .option("--json", "print the result as JSON")
    .addHelpText("after", EXAMPLES)
    .action(async (options: DeliveriesOptions) => finish(await list(options, interruption)));
}

async function list(options: DeliveriesOptions, interruption: Interruption): Promise<Report> {
  const limit =
    options.limit === undefined ? undefined : parseCount("--limit", options.limit, 999_999_999);
  const connection = await readConnection(options.config, process.env);
  const deliveries: Delivery[] = [];
  const { stopping: signal } = interruption;
  for await (const delivery of listDeliveries({ ...connection, limit, signal })) {
    deliveries.push(delivery);
  }
  const rows = deliveries.map((delivery) =>
    COLUMNS.map((column) => printable(String(delivery[column] ?? "-"))),
  );
  return {
    document: { deliveries },
    text: formatTable(
      COLUMNS.map((column) => column.toUpperCase()),
      rows,
    ),
    notes: deliveries.length === 0 ? ["This sender has delivered nothing yet."] : [],
    exitCode: EXIT.done,
  };
}
