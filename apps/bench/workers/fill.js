/**
 * The Worker as it is built, with a ledger that can be filled by SQL: a million deliveries would
 * take an hour. Each of a tenth as many names has ten deliveries.
 */
import worker, { Ledger as Base } from "./worker.js";

const NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)";

export class Ledger extends Base {
  async fetch(request) {
    const rows = Number(new URL(request.url).searchParams.get("rows"));
    const { sql } = this.ctx.storage;
    const now = Date.now();
    sql.exec(
      `${NUMBERS} INSERT INTO deliveries (sender, id, name, key_id, fingerprint, operation, state,
         secret_id, position, seen_at, attempts)
       SELECT 'bench-0', 'fill-' || i, 'FILL_' || (i / 10), 'key', hex(randomblob(32)), 'create',
         'stored', 'id_' || i, CAST(?2 AS INTEGER) + i, CAST(?3 AS INTEGER), 1 FROM n`,
      rows,
      (now - rows) * 1_000,
      now,
    );
    sql.exec(
      `${NUMBERS} INSERT INTO names (name, secret_id, position, position_before, running_until,
         written_at)
       SELECT 'FILL_' || i, 'id_' || i, CAST(?2 AS INTEGER) + i, 0, 0, CAST(?3 AS INTEGER) FROM n`,
      rows / 10,
      (now - rows) * 1_000,
      now,
    );
    return new Response();
  }
}

export default {
  fetch(request, env) {
    if (new URL(request.url).pathname !== "/fill") return worker.fetch(request, env);
    return env.LEDGER.getByName("workspace").fetch(request);
  },
};
