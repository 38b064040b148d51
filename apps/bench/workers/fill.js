/** The Worker's own ledger, filled with rows by SQL: a million deliveries would take an hour. */
import worker, { Ledger as Base } from "./worker.js";

export class Ledger extends Base {
  async fetch(request) {
    const rows = Number(new URL(request.url).searchParams.get("rows"));
    await this.list(1);
    this.ctx.storage.sql.exec(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       INSERT INTO deliveries (id, name, key_id, fingerprint, state, attempts, started_at,
         secret_id, created_at, last_seen_at)
       SELECT 'fill-' || i, 'FILL_' || i, 'key', hex(randomblob(32)), 'stored', 1, ?2,
         'secret-' || i, ?2, ?2 + i FROM n`,
      rows,
      Date.now(),
    );
    return new Response();
  }
}

export default {
  fetch(request, env) {
    if (new URL(request.url).pathname !== "/fill") return worker.fetch(request, env);
    return env.LEDGER.getByName("bench-0").fetch(request);
  },
};
