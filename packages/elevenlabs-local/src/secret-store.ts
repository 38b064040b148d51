import { OrderedMap } from "@js-sdsl/ordered-map";
import { NOT_USED, type UsedBy } from "./used-by.ts";

/** A stored secret with its value, for tests and the demo. */
export interface StoredSecretRecord {
  readonly secret_id: string;
  readonly name: string;
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** A record with further properties that the API needs. */
export interface StoredSecret extends StoredSecretRecord {
  readonly usedBy: UsedBy;
  readonly sequence: number;
}

/** The position of a secret in listings, which are sorted by name, then by age. */
export type ListPosition = Pick<StoredSecret, "name" | "sequence">;

const ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const ID_LENGTH = 20;

/** The secrets of one workspace, by id and by prefix of the name. */
export class SecretStore {
  readonly #byId = new Map<string, StoredSecret>();
  // A tree, so that a search by prefix does not visit all secrets.
  readonly #byName = new OrderedMap<ListPosition, StoredSecret>([], comparePositions);
  #lastSequence = 0;

  create(name: string, value: string): StoredSecret {
    this.#lastSequence += 1;
    const secret: StoredSecret = {
      secret_id: createSecretId(),
      name,
      value,
      createdAt: Date.now(),
      usedBy: NOT_USED,
      sequence: this.#lastSequence,
    };
    this.#put(secret);
    return secret;
  }

  get(secretId: string): StoredSecret | undefined {
    return this.#byId.get(secretId);
  }

  /** Changes a secret and keeps its id; undefined if there is no secret with the id. */
  update(
    secretId: string,
    changes: Partial<Pick<StoredSecret, "name" | "value" | "usedBy">>,
  ): StoredSecret | undefined {
    const before = this.#byId.get(secretId);
    if (before === undefined) return undefined;
    const after = { ...before, ...changes };
    this.#byName.eraseElementByKey(before);
    this.#put(after);
    return after;
  }

  delete(secretId: string): void {
    const secret = this.#byId.get(secretId);
    if (secret === undefined) return;
    this.#byId.delete(secretId);
    this.#byName.eraseElementByKey(secret);
  }

  /** The secret with exactly this name; the oldest if there are several. */
  findByName(name: string): StoredSecret | undefined {
    const [first] = this.list(name, undefined, 1);
    return first?.name === name ? first : undefined;
  }

  /**
   * Up to `limit` secrets whose names start with `prefix`, after the position `after`, and that were
   * created at `until` or before.
   */
  list(
    prefix: string,
    after: ListPosition | undefined,
    limit: number,
    until = Number.POSITIVE_INFINITY,
  ): StoredSecret[] {
    const found: StoredSecret[] = [];
    const start = { name: prefix, sequence: 0 };
    const iterator =
      after !== undefined && comparePositions(after, start) > 0
        ? this.#byName.upperBound(after)
        : this.#byName.lowerBound(start);
    while (found.length < limit && iterator.isAccessible()) {
      const [, secret] = iterator.pointer;
      if (!secret.name.startsWith(prefix)) break;
      if (secret.createdAt <= until) found.push(secret);
      iterator.next();
    }
    return found;
  }

  /** All secrets, oldest first. */
  records(): StoredSecretRecord[] {
    return Array.from(this.#byId.values(), ({ secret_id, name, value, createdAt }) => ({
      secret_id,
      name,
      value,
      createdAt,
    }));
  }

  clear(): void {
    this.#byId.clear();
    this.#byName.clear();
  }

  #put(secret: StoredSecret): void {
    this.#byId.set(secret.secret_id, secret);
    this.#byName.setElement(secret, secret);
  }
}

function comparePositions(a: ListPosition, b: ListPosition): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.sequence - b.sequence;
}

function createSecretId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_LENGTH));
  return Array.from(bytes, (byte) => ID_ALPHABET[byte % ID_ALPHABET.length]).join("");
}
