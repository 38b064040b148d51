import { DeliveryError, listDeliveries } from "@convai-secrets/client";
import type { DeliverySummary } from "@convai-secrets/protocol";
import type { Command } from "commander";
import { readConnection } from "../connection/read-connection.ts";
import { type CallOptions, type Context, SETTINGS_OPTION } from "../context.ts";
import { EXIT } from "../exit-codes.ts";
import type { Interruption } from "../interruption.ts";
import { reportDeliveryError } from "../output/describe-failure.ts";
import { countFittingColumns, formatTable } from "../output/format-table.ts";
import { printable } from "../output/printable.ts";
import { parseCount } from "../parse-count.ts";
import type { Report } from "../report.ts";

interface DeliveriesOptions extends CallOptions {
  readonly limit?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
On a terminal, the columns that do not fit are left out. A pipe or a file gets all of them.

Examples:
  convai-secrets deliveries --limit 20
  convai-secrets deliveries --json | jq '.deliveries[] | select(.state == "unknown")'`;

/** The least important last: a narrow terminal leaves them out. */
const COLUMNS = [
  "name",
  "operation",
  "state",
  "secret_id",
  "last_seen_at",
  "created_at",
  "attempts",
  "id",
] as const;

/** Adds `deliveries`. */
export function addDeliveries(program: Command, { interruption, finish }: Context): void {
  program
    .command("deliveries")
    .summary("list this sender's deliveries")
    .description(
      "Lists this sender's deliveries, newest first, for as long as the Worker keeps them.",
    )
    .option("--limit <count>", "the most deliveries; default all")
    .option(...SETTINGS_OPTION)
    .option("--json", "print the result as JSON")
    .addHelpText("after", EXAMPLES)
    .action(async (options: DeliveriesOptions) => finish(await list(options, interruption)));
}

async function list(options: DeliveriesOptions, interruption: Interruption): Promise<Report> {
  const limit =
    options.limit === undefined ? undefined : parseCount("--limit", options.limit, 999_999_999);
  const { connection } = await readConnection(options.settings, process.env);
  const deliveries: DeliverySummary[] = [];
  const { stopping: signal } = interruption;
  try {
    for await (const delivery of listDeliveries({ ...connection, limit, signal })) {
      deliveries.push(delivery);
    }
  } catch (error) {
    if (error instanceof DeliveryError) return reportDeliveryError(error, connection.url);
    throw error;
  }
  const { text, notes } = options.json ? { text: "", notes: [] } : showTable(deliveries);
  return {
    document: { deliveries },
    text,
    notes: [...(deliveries.length === 0 ? ["This sender has no deliveries."] : []), ...notes],
    exitCode: EXIT.done,
  };
}

function showTable(deliveries: readonly DeliverySummary[]): Pick<Report, "text" | "notes"> {
  const head = COLUMNS.map((column) => column.toUpperCase());
  const rows = deliveries.map((delivery) =>
    COLUMNS.map((column) => printable(String(delivery[column] ?? "-"))),
  );
  const width = process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY;
  const count = countFittingColumns(head, rows, width);
  const hidden = head.slice(count).join(", ");
  return {
    text: formatTable(
      head.slice(0, count),
      rows.map((row) => row.slice(0, count)),
    ),
    notes: hidden === "" ? [] : [`The terminal is too narrow for ${hidden}.`],
  };
}
