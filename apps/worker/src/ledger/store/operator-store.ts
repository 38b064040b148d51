import type { PendingDecision, RecordedAction } from "../operator-view.ts";
import type { DeliveryKey } from "../states.ts";
import type { LedgerStorage } from "./schema.ts";

type DecisionRow = {
  name: string;
  kind: PendingDecision["kind"];
  sender: string;
  id: string;
  since: number;
};
type ActionRow = {
  action: RecordedAction["action"];
  user: string;
  at: number;
  sender: string | null;
  id: string | null;
  name: string | null;
  secret_id: string | null;
};

/** Names have an entry of their own, and one for each delivery. Sender ids have no white space. */
function toSubject({ senderId, id }: DeliveryKey): string {
  return `${senderId} ${id}`;
}

/** A sender that is paused or was seen. */
export type SenderRow = {
  sender: string;
  seen_at: number | null;
  paused_at: number | null;
  paused_by: string | null;
};

/** What waits for the operator, what was decided, and who is paused. */
export class OperatorStore {
  readonly #sql: LedgerStorage["sql"];
  /** The names that have an entry, so that deliveries look them up without SQL. */
  readonly #names: Set<string>;

  constructor({ sql }: LedgerStorage) {
    this.#sql = sql;
    const rows = sql.exec<{ name: string }>("SELECT name FROM decisions WHERE subject = ''");
    this.#names = new Set(rows.toArray().map(({ name }) => name));
  }

  /** Whether the name itself has an entry. */
  hasDecision(name: string): boolean {
    return this.#names.has(name);
  }

  /** The first entries in the order of their names. */
  listDecisions(limit: number): PendingDecision[] {
    return this.#sql
      .exec<DecisionRow>("SELECT name, kind, sender, id, since FROM decisions LIMIT ?", limit)
      .toArray()
      .map(({ name, kind, sender, id, since }) =>
        kind === "outcome_unknown"
          ? { kind, senderId: sender, deliveryId: id, name, since }
          : { kind, senderId: sender, name, since },
      );
  }

  /** Adds an entry. An entry about the same subject stays as it is. */
  addDecision(decision: PendingDecision): void {
    const { kind, senderId, name, since } = decision;
    const id = decision.kind === "outcome_unknown" ? decision.deliveryId : "";
    const subject = decision.kind === "outcome_unknown" ? toSubject({ senderId, id }) : "";
    if (subject === "") this.#names.add(name);
    this.#sql.exec(
      `INSERT OR IGNORE INTO decisions (name, subject, kind, sender, id, since)
       VALUES (?, ?, ?, ?, ?, ?)`,
      name,
      subject,
      kind,
      senderId,
      id,
      since,
    );
  }

  /** Removes the entry about a delivery, or else the one about the name. */
  removeDecision(name: string, delivery?: DeliveryKey): void {
    const subject = delivery === undefined ? "" : toSubject(delivery);
    if (subject === "") this.#names.delete(name);
    this.#sql.exec("DELETE FROM decisions WHERE name = ? AND subject = ?", name, subject);
  }

  /** Gives the delivery of an entry another id. */
  renameDecision(name: string, delivery: DeliveryKey, newId: string): void {
    const { senderId } = delivery;
    this.#sql.exec(
      "UPDATE decisions SET subject = ?, id = ? WHERE name = ? AND subject = ?",
      toSubject({ senderId, id: newId }),
      newId,
      name,
      toSubject(delivery),
    );
  }

  addAction({ action, user, at, senderId, deliveryId, name, secretId }: RecordedAction): void {
    this.#sql.exec(
      `INSERT INTO actions (action, user, at, sender, id, name, secret_id)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      action,
      user,
      at,
      senderId,
      deliveryId,
      name,
      secretId,
    );
  }

  /** The newest recorded actions. */
  listActions(limit: number): RecordedAction[] {
    const query = `SELECT action, user, at, sender, id, name, secret_id FROM actions
       ORDER BY seq DESC LIMIT ?`;
    return this.#sql
      .exec<ActionRow>(query, limit)
      .toArray()
      .map(({ sender, id, secret_id, ...row }) => ({
        ...row,
        senderId: sender,
        deliveryId: id,
        secretId: secret_id,
      }));
  }

  readSenders(): SenderRow[] {
    const query = "SELECT sender, seen_at, paused_at, paused_by FROM senders";
    return this.#sql.exec<SenderRow>(query).toArray();
  }

  saveSender({ sender, seen_at, paused_at, paused_by }: SenderRow): void {
    this.#sql.exec(
      `INSERT INTO senders (sender, seen_at, paused_at, paused_by) VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT (sender) DO UPDATE SET seen_at = ?2, paused_at = ?3, paused_by = ?4`,
      sender,
      seen_at,
      paused_at,
      paused_by,
    );
  }
}
