/**
 * The duties of this project's Worker without any library, and with an object that fingerprints the
 * delivery, writes a durable row before the call and a durable row after it.
 */

import { DurableObject } from "cloudflare:workers";
import { Buffer } from "node:buffer";
import { answer, forward } from "./duties.js";

const HMAC = { name: "HMAC", hash: "SHA-256" };
const encoder = new TextEncoder();

export class Ledger extends DurableObject {
  #sql = this.ctx.storage.sql;
  #key = crypto.subtle.importKey("raw", encoder.encode(this.env.LEDGER_KEY), HMAC, false, ["sign"]);

  constructor(ctx, env) {
    super(ctx, env);
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS pending (name TEXT PRIMARY KEY, id TEXT, at INTEGER)
      STRICT, WITHOUT ROWID`);
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS deliveries (id TEXT PRIMARY KEY, fingerprint BLOB,
      name TEXT, secret_id TEXT, at INTEGER) STRICT, WITHOUT ROWID`);
  }

  async deliver({ id, secret }) {
    const content = encoder.encode(JSON.stringify(["create", secret.name, secret.value]));
    const fingerprint = await crypto.subtle.sign("HMAC", await this.#key, content);
    const [row] = this.#sql
      .exec("SELECT name, secret_id, fingerprint FROM deliveries WHERE id = ?", id)
      .toArray();
    if (row !== undefined) {
      const isSame = Buffer.from(row.fingerprint).equals(Buffer.from(fingerprint));
      return isSame ? { type: "stored", secret_id: row.secret_id, name: row.name } : undefined;
    }
    this.#sql.exec("INSERT INTO pending VALUES (?, ?, ?)", secret.name, id, Date.now());
    const stored = await forward(secret, this.env);
    if (stored === undefined) return undefined;
    const { name, secret_id } = stored;
    const values = [id, fingerprint, name, secret_id, Date.now()];
    this.#sql.exec("INSERT INTO deliveries VALUES (?, ?, ?, ?, ?)", ...values);
    return stored;
  }
}

export default {
  fetch: (request, env) =>
    answer(request, env, (delivery) => env.LEDGER.getByName("workspace").deliver(delivery)),
};
