import type { Delivery, DeliveryKey, NameState } from "../states.ts";
import { DeliveryStore } from "./delivery-store.ts";
import { Journal } from "./journal.ts";
import { MetaStore } from "./meta-store.ts";
import { NameStore } from "./name-store.ts";
import { OperatorStore } from "./operator-store.ts";
import { type LedgerStorage, prepareSchema } from "./schema.ts";

/** The ledger's tables. This folder is the only place with SQL, and it knows no wire format. */
export class LedgerStore {
  readonly deliveries: DeliveryStore;
  readonly names: NameStore;
  readonly journal: Journal;
  readonly meta: MetaStore;
  readonly operator: OperatorStore;
  readonly #storage: LedgerStorage;

  constructor(storage: LedgerStorage) {
    prepareSchema(storage);
    this.#storage = storage;
    this.deliveries = new DeliveryStore(storage);
    this.names = new NameStore(storage);
    this.journal = new Journal(storage);
    this.meta = new MetaStore(storage);
    this.operator = new OperatorStore(storage);
  }

  /** Writes deliveries and their name, all or nothing. */
  record(deliveries: readonly Delivery[], name: NameState | undefined): void {
    this.transaction(() => {
      for (const delivery of deliveries) this.deliveries.save(delivery);
      if (name !== undefined) this.names.save(name);
    });
  }

  /** Gives a delivery another id of the same sender, wherever the ledger mentions it. */
  rename({ senderId, id, name }: DeliveryKey & { readonly name: string }, newId: string): void {
    const key = { senderId, id };
    this.transaction(() => {
      this.deliveries.rename(key, newId);
      this.names.renameUnsettled(name, key, newId);
      this.journal.rename(key, newId);
      this.operator.renameDecision(name, key, newId);
    });
  }

  /** Runs writes, all or nothing. */
  transaction<Result>(run: () => Result): Result {
    return this.#storage.transactionSync(run);
  }
}
